// Copy a link. Over plain http the clipboard is closed to pages: the address is then selected.
(function () {
  "use strict";
  var said = document.getElementById("copie-dite");
  function select(field) {
    field.focus();
    field.select();
    var done = false;
    try { done = document.execCommand("copy"); } catch (error) { done = false; }
    say(done);
  }
  function say(done) {
    said.textContent = done
      ? "Lien copié dans le presse-papier."
      : "L’adresse est sélectionnée : copiez-la (Ctrl + C, ou appui long).";
  }
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var field = document.getElementById(button.getAttribute("data-copy"));
    button.hidden = false;
    button.addEventListener("click", function () {
      if (!navigator.clipboard) return select(field);
      navigator.clipboard.writeText(field.value).then(
        function () { say(true); },
        function () { select(field); }
      );
    });
  });
})();
