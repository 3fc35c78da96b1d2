// Show a poster as soon as it is chosen: the page itself says what is new.
(function () {
  "use strict";
  var form = document.getElementById("choix-affiche");
  if (!form || !window.fetch || !window.URLSearchParams || !window.DOMParser) return;
  var asked = 0;
  document.getElementById("voir").hidden = true;
  form.addEventListener("change", function () {
    var mine = ++asked;
    var address = location.pathname + "?" + new URLSearchParams(new FormData(form));
    fetch(address).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error();
      return answer.text();
    }).then(function (text) {
      if (mine !== asked) return;
      var page = new DOMParser().parseFromString(text, "text/html");
      ["epreuve", "apercu"].forEach(function (id) {
        document.getElementById(id).innerHTML = page.getElementById(id).innerHTML;
      });
      history.replaceState(null, "", address);
    }).catch(function () { form.submit(); });
  });
})();
