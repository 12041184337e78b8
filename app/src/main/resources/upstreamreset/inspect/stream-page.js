'use strict';
document.documentElement.classList.add('js');
const filter = document.getElementById('filter');
const links = [...document.querySelectorAll('nav a')];
const count = document.getElementById('count');
const section = link => document.getElementById(link.hash.slice(1));
let current = null;
function select(link) {
  for (const each of links) {
    each.setAttribute('aria-current', String(each === link));
    section(each).hidden = each !== link;
  }
  current = link;
  if (link) {
    link.scrollIntoView({block: 'nearest'});
    document.querySelector('main').scrollTop = 0;
  }
}
const shown = () => links.filter(link => !link.parentElement.hidden);
function apply() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const link of links) {
    const text = link.dataset.text;
    link.parentElement.hidden = !words.every(word => text.includes(word));
    section(link).classList.toggle('out', link.parentElement.hidden);
  }
  const left = shown();
  count.textContent = left.length + ' of ' + links.length + ' streams';
  if (!left.includes(current)) select(left[0] || null);
}
function step(by) {
  const left = shown();
  const next = left[Math.min(left.length - 1, Math.max(0, left.indexOf(current) + by))];
  if (next) { select(next); next.focus(); }
}
function finding(by) {
  const marks = current ? [...section(current).querySelectorAll('mark, aside')] : [];
  if (!marks.length) return;
  const at = marks.indexOf(document.activeElement);
  const next = marks[(at + by + marks.length) % marks.length];
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({block: 'center'});
}
filter.addEventListener('input', apply);
document.querySelector('nav ul').addEventListener('click', event => {
  const link = event.target.closest('a');
  if (link) { event.preventDefault(); select(link); history.replaceState(null, '', link.hash); }
});
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === filter) {
    if (event.key === 'Escape') { filter.value = ''; apply(); filter.blur(); }
    if (event.key === 'ArrowDown' || event.key === 'Enter') { event.preventDefault(); step(0); }
    return;
  }
  const keys = {j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    n: () => finding(1), p: () => finding(-1), '/': () => filter.focus()};
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});
apply();
select(links.find(link => link.hash === location.hash) || links[0] || null);
