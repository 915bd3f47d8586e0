//! Text of an SVG file -> its size, or why it cannot be published.
//!
//! An SVG is a document: opened by itself it runs its scripts with the rights of the site,
//! and wherever it is shown it may fetch what it names. One that does either is refused and
//! not mended, because a cleaner that misses one way in has let it in. Everything that the
//! file refers to must be in the file.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Why an SVG file cannot be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not XML, not SVG, or has no size: a sentence.
    Broken(String),
    /// It could do more than be seen: what it holds, and the byte at which.
    Unsafe(String, usize),
}

/// Elements that run code or bring in another document.
const ACTIVE: [&str; 11] = [
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "canvas",
    "handler",
    "listener",
    "base",
];

/// Beginnings of addresses that fetch nothing and run nothing.
const HARMLESS: [&str; 6] = [
    "#",
    "data:image/png",
    "data:image/jpeg",
    "data:image/webp",
    "data:image/gif",
    "data:font/",
];

/// The size of an SVG in CSS pixels, if it is harmless.
pub(super) fn check(text: &str) -> Result<(u32, u32), Refusal> {
    let mut reader = Reader::from_str(text);
    let mut size = None;
    let mut n_open = 0_usize;
    // The text of the style element that is open.
    let mut style: Option<String> = None;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or_default();
        let event = reader
            .read_event()
            .map_err(|it| Refusal::Broken(format!("it is not well-formed XML: {it}")))?;
        let refuse = |what: &str| Refusal::Unsafe(what.to_owned(), at);
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                if size.is_none() {
                    if tag.local_name().as_ref() != "svg" {
                        let name = tag.local_name().as_ref().escape_debug().to_string();
                        let message = format!("it is a `{name}` and not an `svg`");
                        return Err(Refusal::Broken(message));
                    }
                    size = Some(size_of(tag)?);
                }
                check_element(tag).map_err(|it| refuse(&it))?;
                if matches!(event, Event::Start(_)) {
                    n_open += 1;
                    if tag.local_name().as_ref().eq_ignore_ascii_case("style") {
                        style = Some(String::new());
                    }
                }
            }
            Event::End(ref tag) => {
                n_open = n_open.saturating_sub(1);
                if tag.local_name().as_ref().eq_ignore_ascii_case("style")
                    && let Some(css) = style.take()
                {
                    check_style(&css).map_err(|it| refuse(&it))?;
                }
            }
            Event::Text(ref text) => {
                if let Some(css) = &mut style {
                    css.push_str(text);
                }
            }
            Event::CData(ref text) => {
                if let Some(css) = &mut style {
                    css.push_str(text);
                }
            }
            Event::GeneralRef(ref reference) => {
                let is_plain = reference.is_char_ref()
                    || matches!(&**reference, "amp" | "lt" | "gt" | "quot" | "apos");
                if style.is_some() || !is_plain {
                    return Err(refuse("an entity that stands for something else"));
                }
            }
            Event::DocType(ref text) => {
                if text.contains('[') {
                    return Err(refuse("a document type with entities"));
                }
            }
            Event::PI(_) => return Err(refuse("a processing instruction")),
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) => {}
        }
    }
    match size {
        Some(size) if n_open == 0 => Ok(size),
        Some(_) => {
            Err(Refusal::Broken("it ends before its last element does".to_owned()))
        }
        None => Err(Refusal::Broken("there is no `svg` element in it".to_owned())),
    }
}

fn check_element(tag: &BytesStart<'_>) -> Result<(), String> {
    let element = tag.local_name().as_ref().to_ascii_lowercase();
    if ACTIVE.contains(&element.as_str()) {
        return Err(format!("the element `{element}`"));
    }
    for attribute in tag.attributes() {
        let Ok(attribute) = attribute else {
            return Err("an attribute that cannot be read".to_owned());
        };
        let key = attribute.key.as_ref().to_ascii_lowercase();
        // A prefix can be any name; what is meant is told by what comes behind it.
        let name = key.rsplit(':').next().unwrap_or_default();
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else {
            return Err(format!("an unknown entity in `{}`", key.escape_debug()));
        };
        let is_namespace = key == "xmlns" || key.starts_with("xmlns:");
        if is_namespace {
            continue;
        }
        if name.starts_with("on") {
            return Err(format!("the event handler `{}`", name.escape_debug()));
        }
        let changes_address = name == "attributename" && {
            let value = value.trim().to_ascii_lowercase();
            value.ends_with("href") || value.starts_with("on")
        };
        if changes_address {
            return Err("an animation of an address".to_owned());
        }
        let is_address = matches!(name, "href" | "src" | "srcset" | "action" | "base");
        if is_address && !is_harmless(&value) {
            let shown: String = value.chars().take(60).collect();
            return Err(format!("the address `{}`", shown.escape_debug()));
        }
        // Many attributes take CSS values, `fill` and `filter` among them.
        check_style(&value)?;
    }
    Ok(())
}

fn is_harmless(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    address.is_empty() || HARMLESS.iter().any(|it| address.starts_with(it))
}

/// Looks for what makes a style sheet fetch something.
fn check_style(css: &str) -> Result<(), String> {
    let css = css.to_ascii_lowercase();
    if ["@import", "image-set(", "expression(", "javascript:", "-moz-binding"]
        .iter()
        .any(|it| css.contains(it))
    {
        return Err("a style that brings in something from elsewhere".to_owned());
    }
    for rest in css.split("url(").skip(1) {
        let address = rest.trim_start().trim_start_matches(['"', '\'']);
        if !is_harmless(address) {
            let shown: String =
                address.chars().take_while(|it| *it != ')').take(60).collect();
            return Err(format!("the address `{}` in a style", shown.escape_debug()));
        }
    }
    // `\75rl(` is another spelling of `url(`.
    if css.contains('\\') && css.contains('(') {
        return Err("a style with `\\`, behind which an address could hide".to_owned());
    }
    Ok(())
}

fn size_of(tag: &BytesStart<'_>) -> Result<(u32, u32), Refusal> {
    let value = |name: &str| {
        let found = tag.try_get_attribute(name).ok()??;
        Some(found.value.trim().to_owned())
    };
    let view_box: Option<Vec<f64>> = value("viewBox").and_then(|it| {
        it.split([' ', ',', '\t', '\n'])
            .filter(|it| !it.is_empty())
            .map(|it| it.parse().ok())
            .collect()
    });
    let shape = match view_box.as_deref() {
        Some([_, _, width, height]) if 0.0 < *width && 0.0 < *height => {
            Some((*width, *height))
        }
        _ => None,
    };
    let width = value("width").and_then(|it| pixels(&it));
    let height = value("height").and_then(|it| pixels(&it));
    let size = match (width, height, shape) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((w, h))) => (width, width * h / w),
        (None, Some(height), Some((w, h))) => (height * w / h, height),
        (None, None, Some(shape)) => shape,
        _ => {
            let message = "it says neither its `width` and `height` nor a `viewBox`";
            return Err(Refusal::Broken(message.to_owned()));
        }
    };
    Ok((whole(size.0), whole(size.1)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is rounded and held between the limits first"
)]
fn whole(number: f64) -> u32 {
    number.round().clamp(1.0, 65_535.0) as u32
}

/// A length of CSS; `None` for one that depends on what is around the picture.
fn pixels(length: &str) -> Option<f64> {
    let end = length.find(|it: char| it.is_ascii_alphabetic() || it == '%');
    let (number, unit) = length.split_at(end.unwrap_or(length.len()));
    let number: f64 = number.trim().parse().ok()?;
    let in_pixels = match unit {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    (0.0 < number && number.is_finite()).then_some(number * in_pixels)
}

#[cfg(test)]
mod tests {
    use super::{Refusal, check};

    #[track_caller]
    fn check_size(attributes: &str, expected: (u32, u32)) {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}/>");
        assert_eq!(check(&text), Ok(expected));
    }

    #[track_caller]
    fn check_unsafe(inside: &str) {
        let text = format!(
            "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" \
             xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"2\" height=\"1\">\
             {inside}</svg>"
        );
        assert!(matches!(check(&text), Err(Refusal::Unsafe(..))), "{inside}");
    }

    #[test]
    fn a_size_comes_from_attributes_or_the_view_box() {
        check_size("width='20' height='10px'", (20, 10));
        check_size("width='1in' height='25.4mm'", (96, 96));
        check_size("viewBox='0 0 40,30'", (40, 30));
        check_size("width='100%' height='100%' viewBox='0 0 40 30'", (40, 30));
        check_size("width='80' viewBox='0 0 40 30'", (80, 60));
        check_size("height='60' viewBox='0 0 40 30'", (80, 60));
        assert!(matches!(check("<svg width='20'/>"), Err(Refusal::Broken(_))));
        assert!(matches!(check("<html/>"), Err(Refusal::Broken(_))));
        assert!(matches!(check("<svg viewBox='0 0 1 1'>"), Err(Refusal::Broken(_))));
    }

    #[test]
    fn what_acts_or_fetches_is_refused() {
        check_unsafe("<script>alert(1)</script>");
        check_unsafe("<SCRIPT/>");
        check_unsafe("<x:script xmlns:x=\"http://www.w3.org/2000/svg\"/>");
        check_unsafe("<foreignObject><p/></foreignObject>");
        check_unsafe("<rect onload=\"alert(1)\"/>");
        check_unsafe("<rect OnClick=\"alert(1)\"/>");
        check_unsafe("<a xlink:href=\"javascript:alert(1)\"/>");
        check_unsafe("<a href=\"&#x6a;avascript:alert(1)\"/>");
        check_unsafe("<image href=\"https://elsewhere.example/x.png\"/>");
        check_unsafe("<image href=\"/etc/x.png\"/>");
        check_unsafe("<use href=\"data:image/svg+xml,x\"/>");
        check_unsafe("<set attributeName=\"xlink:href\" to=\"javascript:alert(1)\"/>");
        check_unsafe("<style>@import 'x.css';</style>");
        check_unsafe("<style>a{fill:url(https://elsewhere.example/#x)}</style>");
        check_unsafe("<style><![CDATA[a{fill:url('//elsewhere.example')}]]></style>");
        check_unsafe("<style>a{fill:\\75rl(//elsewhere.example)}</style>");
        check_unsafe("<style>a{fill:&#117;rl(//elsewhere.example)}</style>");
        check_unsafe("<rect style=\"fill:url(x.svg#a)\"/>");
        check_unsafe("<rect fill=\"url(x.svg#a)\"/>");
        check_unsafe("<?xml-stylesheet href=\"x.css\"?>");
        check_unsafe("<text>&who;</text>");
        let doctype = "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg viewBox='0 0 1 1'/>";
        assert!(matches!(check(doctype), Err(Refusal::Unsafe(..))));
    }

    #[test]
    fn what_stays_inside_is_not() {
        let text = "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"a\" \"b\">\
            <svg viewBox='0 0 4 3' xmlns:xlink='http://www.w3.org/1999/xlink'>\
            <style>.a{fill:url(#g)} text{font:1px sans-serif}</style>\
            <defs><linearGradient id='g'/></defs><use xlink:href='#g'/>\
            <text fill='url(#g)' transform='translate(1 2)'>a &amp; b &#8212;</text>\
            <image href='data:image/png;base64,AA=='/></svg>";
        assert_eq!(check(text), Ok((4, 3)));
    }
}
