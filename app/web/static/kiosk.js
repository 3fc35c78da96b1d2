/* A shared tablet: it greets the next person, and wipes itself when nobody touches it any more. */
(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  const $ = (selector, inside) => (inside || doc).querySelector(selector);
  let clock = 0;

  /* What is carried while somebody reads the notice or changes language: this tab only. */
  const CARRIED = "borne";
  const safely = (act) => { try { return act(); } catch (_) { /* refused */ } };
  const forget = () => safely(() => sessionStorage.removeItem(CARRIED));

  function start() {
    clearInterval(clock);
    const veil = $("[data-veille]"), hello = $(".hello");
    const form = $("form[data-mots],#temoignage");
    if (!veil) return;
    if (hello && resume(form)) begin(hello);
    else if (hello) greet(hello, [$(".title"), form]);
    doc.body.onclick = ({ target }) => {
      const link = target.closest("a[href]");
      if (link && "suivante" in link.dataset) forget();
      else if (link && form && !link.hash) carry(form, hello);
    };
    watch(veil, form, hello);
  }

  function greet(hello, questions) {
    hello.hidden = false;
    questions.forEach((part) => { part.hidden = true; });
    $("button", hello).onclick = () => {
      questions.forEach((part) => { part.hidden = false; });
      begin(hello);
      questions[0].tabIndex = -1;
      questions[0].focus();
    };
  }

  /* The lines on who reads were said with the greeting: the question has the whole screen. */
  function begin(hello) {
    hello.hidden = true;
    root.classList.add("begun");
  }

  function carry(form, hello) {
    if (form.id == "temoignage" || hello && !hello.hidden) return;
    const rank = [...doc.querySelectorAll(".pages li")].indexOf($(".pages .now"));
    const said = new URLSearchParams(new FormData(form)).toString();
    safely(() => sessionStorage.setItem(CARRIED, JSON.stringify([said, rank])));
  }

  function resume(form) {
    const [said, rank] = safely(() => JSON.parse(sessionStorage.getItem(CARRIED))) || [];
    forget();
    if (!said) return false;
    const values = new URLSearchParams(said);
    for (const input of form.elements) {
      const given = values.getAll(input.name);
      if (/radio|checkbox/.test(input.type)) input.checked = given.includes(input.value);
      else if (given[0] && input.type != "hidden") input.value = given[0];
    }
    window.onpopstate({ state: rank });
    return true;
  }

  function watch(veil, form, hello) {
    const sheet = $(".sheet"), number = $(".ring", veil);
    const phrase = $("[data-phrase]", veil), sentence = phrase.dataset.phrase;
    const [erase, stay] = veil.querySelectorAll("button");
    let last = Date.now(), focused = null;
    const touched = () => { if (veil.hidden) last = Date.now(); };
    const wipe = () => {
      forget();
      location.replace(veil.dataset.vers);
    };
    erase.onclick = wipe;
    stay.onclick = () => {
      veil.hidden = true;
      sheet.inert = false;
      touched();
      if (focused) focused.focus();
    };
    /* Back, from the browser's own memory, to what somebody read again. */
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted && !form) wipe(); });
    ["pointerdown", "keydown", "input", "scroll"].forEach((name) => addEventListener(name, touched));
    clock = setInterval(() => {
      /* An answer that waits for the network must not be wiped with the rest. */
      if (hello && !hello.hidden || form && form.busy && form.busy()) return touched();
      const left = +veil.dataset.veille + 20 - Math.floor((Date.now() - last) / 1000);
      if (left <= 0) return wipe();
      if (left > 20) return;
      number.textContent = left;
      phrase.textContent = sentence.replace("{n}", left);
      if (veil.hidden) {
        focused = doc.activeElement;
        veil.hidden = false;
        sheet.inert = true;
        stay.focus();
      }
    }, 1000);
  }

  addEventListener("recueil", start);
})();
