'use strict';
const rows = [...document.querySelectorAll('.row')];
const detail = row => row.nextElementSibling;
const filter = document.getElementById('filter');
const differ = document.getElementById('differ');
const misread = document.getElementById('misread');
function apply() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !words.every(word => row.dataset.text.includes(word)) || (differ.checked && !row.classList.contains('differ'))
      || (misread.checked && row.dataset.misread !== 'true');
    shown += row.hidden ? 0 : 1;
    if (row.hidden) detail(row).hidden = true;
  }
  for (const family of document.querySelectorAll('tbody')) family.hidden = !family.querySelector('.row:not([hidden])');
  document.getElementById('count').textContent = shown + ' of ' + rows.length + ' scenarios';
}
for (const row of rows) detail(row).hidden = '#' + detail(row).id !== location.hash;
for (const input of [filter, differ, misread]) input.addEventListener('input', apply);
document.querySelector('table').addEventListener('click', event => {
  const row = event.target.closest('.row');
  if (!row || !event.target.closest('a')) return;
  event.preventDefault();
  const more = detail(row);
  more.hidden = !more.hidden;
  if (!more.hidden) more.firstElementChild.focus();
});
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && event.target !== filter) { event.preventDefault(); filter.focus(); }
  if (event.key === 'Escape') { filter.value = ''; apply(); }
});
apply();
