// Copy what stands on the page. Over plain http the clipboard is closed to pages: it is then selected.
(function () {
  "use strict";
  function select(source) {
    var folded = source.closest("details");
    if (folded) folded.open = true;
    source.hidden = false;
    if (source.select) {
      source.focus();
      source.select();
    } else {
      var range = document.createRange(), selection = window.getSelection();
      range.selectNodeContents(source);
      selection.removeAllRanges();
      selection.addRange(range);
    }
    try { return document.execCommand("copy"); } catch (error) { return false; }
  }
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var source = document.getElementById(button.getAttribute("data-copy"));
    var said = document.getElementById(button.getAttribute("data-said"));
    var wasHidden = source.hidden;
    function say(done) {
      said.textContent = said.getAttribute(done ? "data-copied" : "data-selected");
      if (done) source.hidden = wasHidden;
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      // A table is selected and copied as one: its cells stay cells where it is pasted.
      if (!navigator.clipboard || source.tagName === "TABLE") return say(select(source));
      navigator.clipboard.writeText("value" in source ? source.value : source.textContent).then(
        function () { say(true); },
        function () { say(select(source)); }
      );
    });
  });
})();
