// A questionnaire for partners comes in by its own door: choosing it changes the doors ticked.
(function () {
  "use strict";
  var questionnaires = document.querySelectorAll("input[data-doors]");
  var doors = document.querySelectorAll("input[name=doors]");
  var usual = null;
  function chosen() {
    var one = document.querySelector("input[data-doors]:checked");
    return one ? one.getAttribute("data-doors") : usual;
  }
  usual = chosen();
  questionnaires.forEach(function (one) {
    one.addEventListener("change", function () {
      if (chosen() === usual) return;
      usual = chosen();
      doors.forEach(function (door) {
        door.checked = (" " + usual + " ").indexOf(" " + door.value + " ") >= 0;
      });
    });
  });
})();
