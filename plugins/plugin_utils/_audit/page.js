// Copyright (c) 2026 BookieOps contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// The filter of the audit trail's page. Without it everything is shown.
"use strict";

(() => {
  const form = document.getElementById("filter");
  if (!form) {
    return;
  }
  const leaves = Array.from(document.querySelectorAll(".leaf"));
  const holders = Array.from(document.querySelectorAll(".holder"));
  const counted = leaves.filter((leaf) => leaf.tagName === "TR");

  const isWanted = (leaf, { account, day, kind }) =>
    (!account || leaf.dataset.account === account) && (!day || leaf.dataset.day === day) && (!kind || leaf.classList.contains(kind));

  const apply = () => {
    const wanted = { account: form.elements.account.value, day: form.elements.day.value, kind: form.elements.kind.value };
    for (const leaf of leaves) {
      leaf.classList.toggle("out", !isWanted(leaf, wanted));
    }
    // A task, a day or an account goes with the last of its entries.
    for (const holder of holders) {
      holder.classList.toggle("out", !holder.querySelector(".leaf:not(.out)"));
    }
    const shown = counted.filter((leaf) => !leaf.classList.contains("out")).length;
    document.getElementById("shown").textContent = `${shown} of ${counted.length} entries`;
  };

  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields have their first values only after the event.
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  apply();
})();
