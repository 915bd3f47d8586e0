//! Contrast from computed colours: axe takes an Arabic face for an icon font and skips all
//! text that is set in it.

use crate::browser::{DESK, DESK_DARK, Page};
use crate::sites::both;

/// Texts whose contrast is less than WCAG 2.2 asks for (1.4.3); decoration is left out.
pub(crate) const PALE: &str = r"(() => {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
    .getContext('2d', { willReadFrequently: true });
  const pixel = colour => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const linear = it => (it /= 255) <= .04045 ? it / 12.92 : ((it + .055) / 1.055) ** 2.4;
    return .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  };
  const background = element => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, alpha] = pixel(getComputedStyle(at).backgroundColor);
      if (alpha === 255) return [r, g, b];
      if (alpha !== 0) throw new Error('a background is half transparent: ' + at.outerHTML.slice(0, 99));
    }
    throw new Error('there is no background');
  };
  const pale = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest('[aria-hidden=true]')) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const ink = pixel(element.closest('svg') ? style.fill : style.color);
    const [a, b] = [luminance(ink), luminance(background(element))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const size = parseFloat(style.fontSize);
    const isLarge = 24 <= size || (18.66 <= size && 700 <= style.fontWeight);
    if (ink[3] !== 255) pale.push('R77, half transparent: ' + node.data.trim());
    if (ratio < (isLarge ? 3 : 4.5)) pale.push(ratio.toFixed(2) + ' ' + node.data.trim().slice(0, 60));
  }
  if (seen < 5) pale.push('only ' + seen + ' texts');
  return pale;
})()";

#[test]
fn r77_text_has_contrast_and_opaque_ink_in_light_and_dark() {
    let page = Page::new(DESK);
    let mut found = Vec::new();
    for site in both() {
        for path in site.all_types() {
            page.go(&site.url(path));
            for view in [DESK, DESK_DARK] {
                page.view(view);
                let pale = page.texts(PALE);
                found.extend(pale.into_iter().map(|it| format!("{path} {view:?} {it}")));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
