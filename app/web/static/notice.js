// While the notice is typed: what is missing or too long, and what people will read.
(function () {
  "use strict";
  var form = document.getElementById("notice");
  if (!form) return;
  var texts = form.querySelectorAll("[data-plus]");
  var gauge = form.querySelectorAll(".jauge i");
  function follow(control) {
    var typed = control.value.trim(), most = Number(control.dataset.plus);
    var lint = document.getElementById(control.name + "-lint"), extra = typed.length - most;
    var shownMost = most.toLocaleString("fr");
    lint.className = "lint " + (typed && extra <= 0 ? "oui" : "non");
    lint.querySelector("[data-mots]").textContent = !typed ? control.dataset.vide
      : extra > 0 ? extra + (extra > 1 ? " caractères" : " caractère") + " de trop : " + shownMost + " au plus."
      : typed.length + (typed.length > 1 ? " caractères" : " caractère") + " sur " + shownMost;
    control.setAttribute("aria-invalid", String(!typed || extra > 0));
    control.parentNode.classList.toggle("non", !typed || extra > 0);
    var shown = document.querySelector("[data-montre=" + control.name + "]");
    shown.textContent = typed || shown.dataset.trou;
    shown.classList.toggle("trou", !typed);
    var filled = 0;
    texts.forEach(function (one) { if (one.value.trim()) filled += 1; });
    form.querySelector("[data-remplis]").textContent = String(filled);
    gauge.forEach(function (mark, rank) { mark.className = rank < filled ? "f" : ""; });
  }
  texts.forEach(function (control) {
    control.addEventListener("input", function () { follow(control); });
  });
  var years = form.elements.retention_years;
  years.addEventListener("change", function () {
    var until = form.querySelector("[data-jusque]"), day = until.getAttribute("data-fin-" + years.value);
    until.textContent = day;
    document.querySelector("[data-annee]").textContent = day.slice(-4);
  });
})();
