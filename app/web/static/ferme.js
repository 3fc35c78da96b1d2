// The page closed while an answer waited on this device: it leaves all the same, with its own day.
(function () {
  "use strict";
  var name = "recueil:" + location.pathname.replace("partenaire/", "").split("/")[1].toUpperCase();
  var form = document.createElement("form"), found;
  try { found = JSON.parse(localStorage.getItem(name)); } catch (_) { /* refused */ }
  if (!found || !found[1]) return;
  new URLSearchParams(found[2] + "&jour=" + found[1]).forEach(function (value, field) {
    var input = document.createElement("textarea");
    input.name = field;
    input.value = value;
    form.append(input);
  });
  form.method = "post";
  form.hidden = true;
  document.body.append(form);
  form.submit();
})();
