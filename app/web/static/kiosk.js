/* A shared tablet: it greets the next person, and wipes itself when nobody touches it any more. */
(() => {
  "use strict";
  const doc = document;
  let clock = 0;

  function start() {
    clearInterval(clock);
    const form = doc.querySelector("form[data-mots],#temoignage"), hello = doc.querySelector(".hello");
    if (hello) greet(hello, [doc.getElementById("debut"), doc.querySelector(".title"), form]);
    watch(doc.querySelector("[data-veille]"), form, hello);
  }

  function greet(hello, questions) {
    hello.hidden = false;
    questions.forEach((part) => { part.hidden = true; });
    hello.querySelector("button").onclick = () => {
      hello.hidden = true;
      questions.forEach((part) => { part.hidden = false; });
      doc.querySelector(".title").focus();
    };
  }

  function watch(veil, form, hello) {
    const sheet = doc.querySelector(".sheet"), number = veil.querySelector(".ring");
    const phrase = veil.querySelector("[data-phrase]"), sentence = phrase.dataset.phrase;
    const [erase, stay] = veil.querySelectorAll("button");
    let last = Date.now(), focused = null;
    const touched = () => { if (veil.hidden) last = Date.now(); };
    const wipe = () => location.replace(veil.dataset.vers);
    erase.onclick = wipe;
    stay.onclick = () => {
      veil.hidden = true;
      sheet.inert = false;
      touched();
      if (focused) focused.focus();
    };
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
