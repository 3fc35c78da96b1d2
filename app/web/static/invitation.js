// The invitation stands after the # of the link: it goes to the field, never to the server's log.
// Once there it has nothing to ask: only the password is left to choose.
(function () {
  "use strict";
  var field = document.getElementById("invitation");
  var token = decodeURIComponent(location.hash.slice(1));
  if (!field) return;
  // The page came back for the password alone: this field stays as it was.
  if (field.value && !field.hasAttribute("aria-invalid")) field.closest(".champ").hidden = true;
  if (!token || token === "contenu") return;
  field.value = token;
  field.closest(".champ").hidden = true;
  history.replaceState(null, "", location.pathname);
  document.getElementById("mot_de_passe").focus();
})();
