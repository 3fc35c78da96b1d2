// Choose words of what may be shown with the mouse or a finger; the server makes the cut.
(function () {
  "use strict";
  var form = document.querySelector("[data-citation]");
  if (!form || !window.fetch || !window.URLSearchParams) return;
  var text = form.getAttribute("data-texte");
  var pane = document.querySelector("[data-masque]");
  var result = form.querySelector("[data-resultat]");
  var said = form.querySelector("[data-coupe]");
  var problem = form.querySelector("[data-probleme]");
  var count = document.querySelector("[data-compte]");
  var most = count.getAttribute("data-plus-long");
  var usual = count.textContent;
  var boxes = form.querySelectorAll("input[type=checkbox][name=morceau]");
  var selected = document.createElement("input");
  var asked = 0, timer = 0;
  selected.type = "hidden";
  selected.name = "morceau";
  selected.disabled = true;
  form.appendChild(selected);
  if (pane) {
    form.querySelector("[data-sans]").hidden = true;
    form.querySelector("[data-avec]").hidden = false;
  }

  function bare(words) { return words.replace(/\s/g, ""); }
  // Python counts letters where JavaScript counts halves of some.
  function letters(words) { return Array.from(words).length; }
  function place(rank) {
    for (var at = 0, seen = 0; at < text.length; at++) {
      if (/\s/.test(text[at])) continue;
      if (seen === rank) return at;
      seen++;
    }
    return text.length;
  }
  function selection() {
    var chosen = window.getSelection();
    if (!pane || !chosen.rangeCount || chosen.isCollapsed) return "";
    var range = chosen.getRangeAt(0);
    if (!pane.contains(range.startContainer) || !pane.contains(range.endContainer)) return "";
    var before = document.createRange();
    before.selectNodeContents(pane);
    before.setEnd(range.startContainer, range.startOffset);
    var words = bare(range.toString()), start = bare(before.toString()).length;
    // The pane must say what the text says: otherwise nothing is taken.
    if (!words || bare(text).substr(start, words.length) !== words) return "";
    var from = place(start), to = place(start + words.length - 1) + 1;
    return letters(text.slice(0, from)) + "-" + letters(text.slice(0, to));
  }
  function query() {
    var asks = new URLSearchParams();
    asks.append("empreinte", form.elements.empreinte.value);
    if (!selected.disabled) asks.append("morceau", selected.value);
    boxes.forEach(function (box) { if (box.checked) asks.append("morceau", box.value); });
    return asks;
  }
  function show() {
    var asks = query(), mine = ++asked;
    if (!asks.has("morceau")) {
      result.hidden = true;
      count.textContent = usual;
      return;
    }
    fetch(form.getAttribute("data-apercu") + "?" + asks, { credentials: "same-origin" })
      .then(function (reply) { return reply.ok ? reply.json() : null; })
      .then(function (cut) {
        if (!cut || mine !== asked) return;
        result.hidden = false;
        said.hidden = !cut.text;
        said.textContent = cut.text ? "«\u202f" + cut.text + "\u202f»" : "";
        problem.hidden = !cut.problem;
        problem.querySelector("span").textContent = cut.problem;
        count.textContent = cut.size ? cut.size + " caractères, " + most + " au plus" : usual;
      })
      .catch(function () {});
  }
  boxes.forEach(function (box) { box.addEventListener("change", show); });
  form.querySelector("[data-recommencer]").addEventListener("click", function () {
    boxes.forEach(function (box) { box.checked = false; });
    selected.disabled = true;
    window.getSelection().removeAllRanges();
    show();
    if (boxes.length) boxes[0].focus();
  });
  document.addEventListener("selectionchange", function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(function () {
      var found = selection();
      if (!found || (found === selected.value && !selected.disabled)) return;
      selected.value = found;
      selected.disabled = false;
      boxes.forEach(function (box) { box.checked = false; });
      show();
    }, 250);
  });
  show();
})();
