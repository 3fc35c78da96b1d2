// Decide a critère by one key or one touch, and take selected words to the field that masks them.
(function () {
  "use strict";
  var form = document.querySelector("[data-criteres]");
  var pane = document.querySelector("[data-masquable]");
  var field = document.getElementById("mots");

  function send(box) {
    var body = new URLSearchParams();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("seul", "1");
    body.set("propose", box.value);
    if (box.checked) body.set("critere", box.value);
    return fetch(form.action, { method: "POST", body: body });
  }
  function keep(box) {
    var said = form.querySelector("[data-dit]");
    var title = box.parentNode.querySelector("b").textContent;
    said.textContent = "";
    send(box).then(function (answer) {
      if (answer.status !== 204) throw new Error();
      said.textContent = title + (box.checked ? " : oui." : " : non.");
    }).catch(function () {
      form.querySelector("[data-enregistrer]").hidden = false;
      said.textContent = "Pas encore enregistré : touchez « Enregistrer les critères ».";
    });
  }
  if (form && window.fetch && window.URLSearchParams) {
    form.querySelector("[data-enregistrer]").hidden = true;
    document.querySelector("[data-touches]").hidden = false;
    form.querySelectorAll("kbd").forEach(function (key) { key.hidden = false; });
    form.addEventListener("change", function (event) {
      if (event.target.name === "critere") keep(event.target);
    });
    document.addEventListener("keydown", function (event) {
      var at = event.target;
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (/^(SELECT|TEXTAREA|AUDIO|VIDEO)$/.test(at.tagName)) return;
      if (at.tagName === "INPUT" && at.type !== "checkbox") return;
      if (!/^[1-9]$/.test(event.key)) return;
      var box = form.querySelector("[data-touche='" + event.key + "']");
      if (!box) return;
      event.preventDefault();
      var fold = box.closest("details");
      if (fold) fold.open = true;
      box.checked = !box.checked;
      keep(box);
    });
  }

  if (!pane || !field) return;
  document.querySelector("[data-autre] [data-sans]").hidden = true;
  document.querySelector("[data-autre] [data-avec]").hidden = false;
  document.addEventListener("selectionchange", function () {
    var chosen = window.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    var range = chosen.getRangeAt(0);
    var words = String(chosen).replace(/^[\s.,;:!?«»]+|[\s.,;:!?«»]+$/g, "");
    if (!pane.contains(range.commonAncestorContainer)) return;
    if (!words || words.length > field.maxLength) return;
    document.querySelector("[data-autre]").open = true;
    field.value = words;
  });
})();
