'use strict';
const light = (event, on) => {
  const place = event.target.closest('[data-field]');
  if (!place) return;
  for (const each of place.closest('.logline').querySelectorAll('[data-field]')) {
    each.classList.toggle('lit', on && each.dataset.field === place.dataset.field);
  }
};
document.addEventListener('pointerover', event => light(event, true));
document.addEventListener('pointerout', event => light(event, false));
