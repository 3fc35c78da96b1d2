// On a phone the critères begin closed, but the first: their titles are the plan of the page.
(function () {
  "use strict";
  var sections = document.querySelectorAll("details.critere");
  function opened() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    for (var fold = target; fold; fold = fold.parentElement) if (fold.tagName === "DETAILS") fold.open = true;
    if (target) target.scrollIntoView();
  }
  if (window.matchMedia("(max-width: 40rem)").matches) {
    sections.forEach(function (section, rank) { section.open = rank === 0; });
    document.querySelectorAll(".plan,.vers-plan").forEach(function (one) { one.hidden = true; });
  }
  window.addEventListener("hashchange", opened);
  // A second touch on the same link does not change the address.
  document.querySelectorAll(".plan a").forEach(function (link) {
    link.addEventListener("click", function () { setTimeout(opened, 0); });
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.critere,details.autres").forEach(function (one) { one.open = true; });
  });
  opened();
})();
