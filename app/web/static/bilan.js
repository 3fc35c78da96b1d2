// Nothing typed in a bilan is lost: what is not saved yet stays in this tab, and comes back.
(function () {
  "use strict";
  function stored(act) { try { return act(sessionStorage); } catch (error) { return null; } }
  document.querySelectorAll("[data-brouillon]").forEach(function (place) {
    var form = place.tagName === "FORM" ? place : place.querySelector("form");
    var field = form.querySelector("textarea");
    var said = form.querySelector("[data-garde]");
    var key = "bilan:" + place.getAttribute("data-brouillon");
    var shown = field.value;
    function say(words) { said.hidden = !words; said.textContent = words; }
    var kept = stored(function (box) { return box.getItem(key); });
    // What the page shows now is what was saved: the draft has done its work.
    if (kept !== null && kept === shown) {
      // Another page than the bilan shows words that were refused: they are not saved yet.
      if (place.tagName === "DETAILS") stored(function (box) { box.removeItem(key); });
    } else if (kept !== null && !form.querySelector("[aria-invalid]")) {
      field.value = kept;
      for (var fold = place; fold; fold = fold.parentElement) if (fold.tagName === "DETAILS") fold.open = true;
      say("Votre texte d’avant est revenu : il n’est pas encore enregistré.");
    }
    field.addEventListener("input", function () {
      stored(function (box) {
        if (field.value === shown) box.removeItem(key);
        else box.setItem(key, field.value);
      });
      say(field.value === shown ? "" : "Pas encore enregistré.");
    });
    form.addEventListener("submit", function (event) {
      // Another choice than these words: the draft would come back for nothing.
      if (event.submitter && event.submitter.value === "reprendre") stored(function (box) { box.removeItem(key); });
    });
  });
})();
// A wide screen shows every part; a phone, its row: what an address points to opens.
(function () {
  "use strict";
  var isWide = window.matchMedia("(min-width: 62.01rem)").matches;
  function opened() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var fold = target; fold; fold = fold.parentElement) if (fold.tagName === "DETAILS") fold.open = true;
    if (target) target.scrollIntoView();
  }
  if (isWide) document.querySelectorAll("details[data-large]").forEach(function (one) { one.open = true; });
  window.addEventListener("hashchange", opened);
  document.querySelectorAll(".plan2 a").forEach(function (link) {
    // A second touch on the same link does not change the address.
    link.addEventListener("click", function () {
      if (!isWide) document.querySelector(".aller").open = false;
      setTimeout(opened, 0);
    });
  });
  opened();
})();
