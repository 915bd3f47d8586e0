//! Boxes: nothing scrolls sideways, both directions are mirror images, styles that scripts
//! need, targets that a finger hits.

use serde_json::Value;

use crate::browser::{DESK, PHONE, Page, View};
use crate::sites::{Served, both, demo, four};

/// Runs a check that lists faults on one page of each sort, in both sites.
#[track_caller]
fn check(views: &[View], faults: &str) {
    let page = Page::new(views[0]);
    let mut found = Vec::new();
    for site in both() {
        for path in site.page_types() {
            page.go(&site.url(path));
            for view in views {
                page.view(*view);
                let faults = page.texts(faults);
                let width = view.width;
                found.extend(
                    faults.into_iter().map(|it| format!("{path} at {width}: {it}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Faults of the elements with text of their own whose script runs from right to left.
fn of_rtl_text(fault: &str) -> String {
    format!(
        "[...document.querySelectorAll('body *')].filter(it => it.checkVisibility() && \
         it.closest('[lang]').matches(':lang(ar), :lang(fa), :lang(he), :lang(ur)') && \
         [...it.childNodes].some(node => node.nodeType === 3 && /[\\u0590-\\u08FF]/.test(node.data))) \
         .filter(it => {{ const style = getComputedStyle(it); return {fault} }}) \
         .map(it => it.outerHTML.slice(0, 120))"
    )
}

#[test]
fn r58_no_page_scrolls_sideways_at_320() {
    let wide = "(() => { const root = document.documentElement; const faults = []; \
        if (innerWidth < root.scrollWidth) faults.push(root.scrollWidth + ' wide'); \
        scrollTo(-999, 0); if (scrollX !== 0) faults.push('scrolls left'); \
        scrollTo(999, 0); if (scrollX !== 0) faults.push('scrolls right'); \
        scrollTo(0, 0); \
        for (const it of document.querySelectorAll('body *')) { \
          const box = it.getBoundingClientRect(); \
          if (it.closest('.table-scroll, pre, .skip-link, .visually-hidden') || !box.width || !it.checkVisibility()) continue; \
          if (box.left < -1 || innerWidth + 1 < box.right) faults.push(it.outerHTML.slice(0, 120)); \
        } return faults })()";
    check(
        &[PHONE, View { width: 360, ..PHONE }, View { width: 768, ..PHONE }, DESK],
        wide,
    );
    // Every other page is seen once, on the narrowest screen.
    let page = Page::new(PHONE);
    for path in four().pages() {
        page.go(&four().url(path));
        let faults = page.texts(wide);
        assert!(faults.is_empty(), "{path}: {faults:?}");
    }
}

#[test]
fn r58_wide_tables_and_code_scroll_in_a_box_of_their_own() {
    let page = Page::new(PHONE);
    for path in gauges() {
        page.go(&four().url(path));
        let boxes = page.eval(
            "[...document.querySelectorAll('.table-scroll, pre')].map(it => { \
             const rtl = getComputedStyle(it).direction === 'rtl'; \
             it.scrollLeft = rtl ? -9999 : 9999; \
             return { over: it.scrollWidth - it.clientWidth, at: Math.abs(it.scrollLeft), focusable: it.tabIndex === 0 } })",
        );
        let boxes = boxes.as_array().unwrap();
        let wide = boxes.iter().filter(|it| 50.0 < it["over"].as_f64().unwrap());
        let wide: Vec<&Value> = wide.collect();
        assert!(2 <= wide.len(), "{path}: {boxes:?}");
        for it in wide {
            let (over, at) = (it["over"].as_f64().unwrap(), it["at"].as_f64().unwrap());
            assert!((over - at).abs() <= 1.0 && it["focusable"] == true, "{path}: {it}");
        }
    }
}

/// The briefing with every sort of block, in each language.
fn gauges() -> Vec<&'static str> {
    let pages = four().page_types();
    let all: Vec<_> = pages.into_iter().filter(|it| it.contains("briefings/")).collect();
    assert_eq!(all.len(), 4);
    all
}

#[test]
fn r64_a_page_and_its_twin_of_the_other_direction_are_mirror_images() {
    // The same page, so that all widths are the same; islands of a direction of their own
    // stay as they are inside, so only boxes outside them are compared.
    const BOXES: &str = "[...document.querySelectorAll('body *')] \
        .filter(it => it.checkVisibility() && !it.closest('svg') && !it.parentElement.closest('[dir]:not(html)') && \
          !/^(inline|contents|none)/.test(getComputedStyle(it).display)) \
        .map(it => { const box = it.getBoundingClientRect(); \
          return [it.tagName + '.' + it.className + ' ' + it.textContent.trim().slice(0, 30), box.left, box.right, box.top, box.bottom] })";
    let page = Page::new(DESK);
    let mut faults = Vec::new();
    for site in both() {
        for path in site.page_types() {
            for view in [DESK, PHONE] {
                page.view(view);
                page.go(&site.url(path));
                let there = page.eval(BOXES);
                page.eval("document.documentElement.dir = document.documentElement.dir === 'rtl' ? 'ltr' : 'rtl'");
                let here = page.eval(BOXES);
                let (there, here) = (there.as_array().unwrap(), here.as_array().unwrap());
                assert!(20 <= there.len() && there.len() == here.len(), "{path}");
                let width = f64::from(view.width);
                for (a, b) in there.iter().zip(here) {
                    let side = |it: &Value, at: usize| it[at].as_f64().unwrap();
                    let off = [
                        width - side(a, 2) - side(b, 1),
                        width - side(a, 1) - side(b, 2),
                        side(a, 3) - side(b, 3),
                        side(a, 4) - side(b, 4),
                    ];
                    if off.iter().any(|it| 2.0 < it.abs()) {
                        faults.push(format!("{path} at {width}: {} {off:?}", a[0]));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn r48_numbered_lists_use_the_digits_of_the_site() {
    let page = Page::new(DESK);
    for (path, kind) in
        gauges().into_iter().zip(["arabic-indic", "decimal", "persian", "decimal"])
    {
        page.go(&four().url(path));
        let kinds = page.texts(
            "[...document.querySelectorAll('.prose ol, .footnotes ol')].map(it => getComputedStyle(it).listStyleType)",
        );
        assert_eq!(kinds, [kind, kind], "{path}");
    }
}

#[test]
fn r55_the_first_column_is_where_reading_begins() {
    let page = Page::new(DESK);
    for path in gauges() {
        page.go(&four().url(path));
        let order = page.eval(
            "[...document.querySelectorAll('table')].map(it => { \
             const [a, b] = it.rows[0].cells; \
             return b.getBoundingClientRect().left < a.getBoundingClientRect().left })",
        );
        let is_rtl = !path.starts_with("en/");
        assert!(
            order.as_array().unwrap().iter().all(|it| *it == is_rtl),
            "{path}: {order}"
        );
    }
}

#[test]
fn r18_r34_fields_of_a_row_run_from_the_beginning_of_the_line() {
    let backwards = "(() => { const rtl = document.documentElement.dir === 'rtl'; \
        const rows = document.querySelectorAll('.meta, .byline, .breadcrumbs ol, .kicker, .citation p, .tags, .briefing__dates, .source__meta, .topic__span'); \
        return [...rows].filter(it => it.checkVisibility()).flatMap(row => { \
          const fields = [...row.querySelectorAll('bdi')].filter(it => !it.querySelector('bdi') && it.textContent.trim()) \
            .map(it => [it.getClientRects(), it]).filter(it => it[0].length === 1); \
          return fields.slice(1).filter(([[box]], at) => { const [[before]] = fields[at]; \
            return Math.abs(box.top - before.top) < 8 && (rtl ? before.left + 1 < box.right : box.left + 1 < before.right) }) \
            .map(it => row.className + ': ' + it[1].textContent) }) })()";
    check(&[DESK, PHONE], backwards);
}

#[test]
fn r88_next_points_to_the_end_of_the_line_and_stands_there() {
    let page = Page::new(DESK);
    let mut n_pairs = 0;
    for path in demo().pages().into_iter().filter(|it| it.contains("briefings/")) {
        if !String::from_utf8_lossy(&demo().files[path])
            .contains("series-place__previous")
        {
            continue;
        }
        page.go(&demo().url(path));
        let middles = page.eval(
            "['previous', 'next'].map(it => document.querySelector('.series-place__' + it)) \
             .map(it => it && it.getBoundingClientRect().left)",
        );
        let (Some(previous), Some(next)) = (middles[0].as_f64(), middles[1].as_f64())
        else {
            continue;
        };
        n_pairs += 1;
        let is_rtl = page.eval("document.documentElement.dir") == "rtl";
        assert_eq!(next < previous, is_rtl, "{path}: {middles}");
        let arrows = page.texts(
            "[...document.querySelectorAll('.series-place__label svg')].map(it => \
             it.firstElementChild.getAttribute('href') + getComputedStyle(it).scale)",
        );
        // Drawn for left to right, and mirrored on a page from right to left alone.
        let scale = if is_rtl { "-1 1" } else { "none" };
        let expected = ["#icon-back", "#icon-forward"].map(|it| format!("{it}{scale}"));
        assert_eq!(arrows, expected, "{path}");
    }
    assert!(0 < n_pairs);
}

#[test]
fn r62_r87_nothing_is_mirrored_by_force() {
    check(
        &[DESK],
        "[...document.querySelectorAll('*:not(.flip-rtl)')].filter(it => getComputedStyle(it).transform !== 'none' || \
         getComputedStyle(it).scale !== 'none' || getComputedStyle(it).rotate !== 'none').map(it => it.outerHTML.slice(0, 99))",
    );
}

#[test]
fn r67_joined_letters_are_not_spaced() {
    check(&[DESK], &of_rtl_text("style.letterSpacing !== 'normal'"));
}

#[test]
fn r68_no_text_from_right_to_left_slants() {
    check(
        &[DESK],
        &of_rtl_text(
            "style.fontStyle !== 'normal' || !/none/.test(style.fontSynthesisStyle)",
        ),
    );
}

#[test]
fn r68_emphasis_is_seen_in_every_language() {
    // The faces have no italic and none is made up, so that only weight is seen.
    let page = Page::new(DESK);
    for path in gauges() {
        page.go(&four().url(path));
        let weights = page.texts(
            "[...document.querySelectorAll('.prose em')].flatMap(it => [it, it.parentElement]) \
             .map(it => getComputedStyle(it).fontWeight)",
        );
        assert_eq!(weights, ["600", "400"], "{path}");
    }
}

#[test]
fn r69_no_capitals_or_transforms_for_letters_that_have_none() {
    check(
        &[DESK],
        &of_rtl_text(
            "style.textTransform !== 'none' || style.fontVariantCaps !== 'normal'",
        ),
    );
}

#[test]
fn r70_r71_words_are_neither_hyphenated_nor_broken() {
    let fault = "style.hyphens !== 'none' || style.wordBreak !== 'normal' || \
                 (style.overflowWrap === 'anywhere' && !it.closest('code, .citation__address'))";
    check(&[DESK], &of_rtl_text(fault));
}

#[test]
fn r72_running_text_is_aligned_to_the_beginning_of_the_line() {
    check(
        &[DESK],
        "[...document.querySelectorAll('.prose > p, .prose > ul > li, .prose h2, blockquote p')] \
         .filter(it => getComputedStyle(it).textAlign !== 'start').map(it => it.outerHTML.slice(0, 99))",
    );
}

#[test]
fn r74_lines_are_as_high_as_their_script_needs() {
    // Ink of letters in the face that paints them; running text has vowel marks too.
    let low = "(() => { const lang = document.documentElement.lang; \
        const least = { ar: [1.7, 1.35], fa: [1.7, 1.35], he: [1.5, 1.2], en: [1.4, 1.1] }[lang]; \
        const sample = { ar: ['إِلْآمَّقِي', 'إآلأجقيغ'], fa: ['پِیژَگِچ', 'آپچژگیغ'], he: ['אָלֹךְץ', 'אלךץק'], en: ['Ájgpq', 'Ájgpq'] }[lang]; \
        const context = document.createElement('canvas').getContext('2d'); \
        return [...document.querySelectorAll('.prose p, .prose li, h1, h2, h3')].filter(it => it.checkVisibility() && it.closest('[lang]').lang === lang).flatMap(it => { \
          const style = getComputedStyle(it); const size = parseFloat(style.fontSize); \
          const height = parseFloat(style.lineHeight); \
          context.font = `${style.fontWeight} ${size}px ${style.fontFamily}`; \
          const isHeading = /^H/.test(it.tagName); \
          const ink = context.measureText(sample[+isHeading]); \
          const faults = []; \
          if (height / size < least[+isHeading] - .005) faults.push('line height ' + height / size); \
          if (height + 1 < ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent) faults.push('ink outside the line'); \
          return faults.map(fault => fault + ': ' + it.outerHTML.slice(0, 80)) }) })()";
    check(&[DESK, PHONE], low);
}

#[test]
fn r75_running_text_is_large_and_latin_inside_it_is_not_louder() {
    check(
        &[PHONE],
        "[...document.querySelectorAll('.prose > p, .prose > ul > li')] \
         .filter(it => parseFloat(getComputedStyle(it).fontSize) < 18).map(it => it.outerHTML.slice(0, 99))",
    );
    // The height of د against that of x, in the two faces that stand in one line.
    let page = Page::open(DESK, &four().url("index.html"));
    let ratio = page.eval(
        "(async () => { await document.fonts.ready; const size = 200; \
         const context = document.createElement('canvas').getContext('2d'); \
         const family = getComputedStyle(document.body).fontFamily; \
         await document.fonts.load(`200px ${family}`, 'xé'); await document.fonts.load(`200px ${family}`, 'د'); \
         context.font = `${size}px ${family}`; \
         const height = it => context.measureText(it).actualBoundingBoxAscent; \
         return height('د') / height('x') })()",
    );
    let ratio = ratio.as_f64().unwrap();
    assert!((0.75..=1.25).contains(&ratio), "{ratio}");
}

#[test]
fn r76_underlines_stand_clear_of_tails_and_dots() {
    check(
        &[DESK],
        &of_rtl_text(
            "style.textDecorationLine === 'underline' && (style.textDecorationThickness !== '1px' || \
             style.textDecorationSkipInk !== 'auto' || \
             parseFloat(style.textUnderlineOffset) < .25 * parseFloat(style.fontSize) || style.textUnderlineOffset === 'auto')",
        ),
    );
}

#[test]
fn r77_no_stroke_shows_the_joins() {
    check(
        &[DESK],
        &of_rtl_text("style.webkitTextStrokeWidth !== '0px' || style.opacity !== '1'"),
    );
}

#[test]
fn r89_the_sign_of_a_disclosure_is_the_browsers_own() {
    let page = Page::new(PHONE);
    for path in gauges() {
        page.go(&four().url(path));
        // A list item with the predefined style turns with the direction of the line.
        let own = page.texts(
            "[...document.querySelectorAll('summary')].map(it => getComputedStyle(it)).map(it => it.display + ' ' + it.listStyleType)",
        );
        assert!(!own.is_empty(), "{path}");
        assert!(
            own.iter().all(|it| it.starts_with("list-item disclosure-")),
            "{path}: {own:?}"
        );
    }
}

/// Targets that WCAG 2.2 (2.5.8) finds too small: less than 24 px, too near to others, and
/// not within a sentence.
const SMALL: &str = "(() => { \
    const targets = [...document.querySelectorAll('a[href], summary, button, input, [tabindex]')] \
      .filter(it => it.checkVisibility() && !it.matches('.skip-link, .table-scroll, pre')) \
      .map(it => [it, it.getBoundingClientRect()]); \
    const middle = box => [box.left + box.width / 2, box.top + box.height / 2]; \
    const isSmall = box => box.width < 23.9 || box.height < 23.9; \
    const gap = ([x, y], box) => Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)); \
    return targets.filter(([it, box]) => { \
      const isInline = getComputedStyle(it).display === 'inline'; \
      const inSentence = isInline && !it.matches('.footnote-ref, .source-ref, .footnote-back') && \
        it.closest('p, li, dd, td, blockquote') && it.closest('p, li, dd, td, blockquote').textContent.trim() !== it.textContent.trim(); \
      if (!isSmall(box) || inSentence) return false; \
      return targets.some(([other, far]) => other !== it && \
        (isSmall(far) ? Math.hypot(middle(far)[0] - middle(box)[0], middle(far)[1] - middle(box)[1]) < 24 : gap(middle(box), far) < 12)); \
    }).map(([it, box]) => box.width.toFixed(0) + ' × ' + box.height.toFixed(0) + ': ' + it.outerHTML.slice(0, 120)) })()";

#[test]
fn targets_have_24_pixels() {
    check(&[PHONE, DESK], SMALL);
    // The signs of notes stand in sentences and have their box all the same.
    let page = Page::new(PHONE);
    for path in gauges() {
        page.go(&four().url(path));
        let notes = page.texts(
            "[...document.querySelectorAll('.footnote-ref, .source-ref, .footnote-back')] \
             .map(it => [it.getBoundingClientRect(), it]).filter(([box]) => box.width < 23.9 || box.height < 23.9) \
             .map(([box, it]) => box.width + ' × ' + box.height + ' ' + it.textContent)",
        );
        assert!(notes.is_empty(), "{path}: {notes:?}");
    }
}

#[test]
fn r16_r78_letters_stay_joined_in_a_linked_name() {
    let page = Page::new(DESK);
    let pages = |site: &'static Served| {
        site.pages()
            .into_iter()
            .filter(|it| it.contains("briefings/"))
            .map(|it| site.url(it))
    };
    let mut n_joined = 0;
    for url in pages(four()).chain(pages(demo())) {
        page.go(&url);
        let widths = page.eval(
            "[...document.querySelectorAll('.prose :is(p, li, td)')].filter(it => it.querySelector('a.mention')).map(it => { \
             it.style.cssText = 'white-space: nowrap; inline-size: max-content; display: block'; \
             const joined = [...it.querySelectorAll('a.mention')].filter(a => \
               /\\p{Script=Arab}$/u.test(a.previousSibling?.data ?? '') || /^[وفبلك]\\p{Script=Arab}/u.test(a.textContent)).length; \
             const before = it.getBoundingClientRect().width; \
             it.querySelectorAll('a.mention').forEach(a => a.replaceWith(a.textContent)); it.normalize(); \
             return [before, it.getBoundingClientRect().width, joined, it.textContent] })",
        );
        for it in widths.as_array().unwrap() {
            let (with, without) = (it[0].as_f64().unwrap(), it[1].as_f64().unwrap());
            assert!((with - without).abs() < 0.6, "{url}: {with} {without} {}", it[3]);
            n_joined += it[2].as_u64().unwrap();
        }
    }
    assert!(10 < n_joined, "{n_joined}");
}

#[test]
fn r57_numbers_in_tables_line_up_at_the_end_of_their_cells() {
    let page = Page::new(DESK);
    for path in gauges() {
        page.go(&four().url(path));
        let faults = page.texts(
            "[...document.querySelectorAll('td.num')].filter(it => { const style = getComputedStyle(it); \
             return style.textAlign !== 'end' && !it.className.includes('align-') || !/tabular-nums/.test(style.fontVariantNumeric) || \
             getComputedStyle(it.firstElementChild).direction !== 'ltr' }).map(it => it.outerHTML)",
        );
        assert!(faults.is_empty(), "{path}: {faults:?}");
        assert!(
            10 < page
                .texts(
                    "[...document.querySelectorAll('td.num')].map(it => it.textContent)"
                )
                .len()
        );
    }
}
