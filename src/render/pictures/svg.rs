//! Text of an SVG file -> its size, or why it cannot be published.
//!
//! An SVG is a document: opened by itself it runs its scripts with the rights of the site,
//! and wherever it is shown it may fetch what it names. One that does either is refused and
//! not mended, because a cleaner that misses one way in has let it in. For the same reason
//! the lists below name what may stand in a file, and not what may not. Everything that the
//! file refers to must be in the file.
//!
//! What is checked must be what a browser reads. Browsers stop at the first mistake of XML,
//! so that it is enough to read all that they read up to there; the two places where readers
//! of XML differ without a mistake, the encoding and the document type, are held to one form.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::reader::NsReader;

/// Why an SVG file cannot be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not XML, not SVG, or has no size: a sentence.
    Broken(String),
    /// It could do more than be seen: what it holds, and the byte at which.
    Unsafe(String, usize),
}

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Namespaces in which programs keep notes; browsers have no elements of them.
const NOTES: [&str; 20] = [
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://inkscape.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.openswatchbook.org/uri/2009/osb",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "adobe:ns:meta/",
    "http://www.bohemiancoding.com/sketch/ns",
    "http://www.figma.com/figma/ns",
    "http://www.serif.com/",
    "http://krita.org/namespaces/svg/krita",
    "http://www.corel.com/coreldraw/odm/2003",
    "https://boxy-svg.com",
    "http://svgjs.com/svgjs",
    "http://svgjs.dev/svgjs",
    "http://schemas.microsoft.com/visio/2003/SVGExtensions/",
    "http://xml.openoffice.org/svg/export",
];

/// Beginning of the namespaces of Adobe's programs, for notes as well.
const NOTES_OF_ADOBE: &str = "http://ns.adobe.com/";

/// Elements of SVG that draw, describe, or move what is drawn. Browsers draw nothing of those
/// of drafts (`flowRoot`, `meshgradient`, `hatch` and theirs), but Inkscape writes them.
const ELEMENTS: &str = "\
    svg g path rect circle ellipse line polyline polygon text tspan textPath defs \
    use symbol marker clipPath mask pattern linearGradient radialGradient stop \
    filter title desc metadata style image switch view a animate animateColor \
    animateMotion animateTransform mpath set feBlend feColorMatrix \
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting \
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG \
    feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset \
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence flowRoot \
    flowRegion flowPara flowSpan flowLine flowDiv meshgradient meshGradient \
    meshrow meshRow meshpatch meshPatch hatch font font-face font-face-src \
    font-face-name glyph missing-glyph hkern vkern hatchpath hatchPath solidcolor";

/// Attributes that can hold an address besides `href`; no element above needs one.
const ADDRESSES: [&str; 7] =
    ["src", "srcset", "action", "formaction", "ping", "poster", "base"];

/// Rules of CSS that bring in nothing.
const RULES: [&str; 8] = [
    "charset",
    "font-face",
    "keyframes",
    "-webkit-keyframes",
    "layer",
    "media",
    "page",
    "supports",
];

/// Functions of CSS, and of the attributes of SVG, that bring in nothing; `url` is looked
/// at by itself.
const FUNCTIONS: &str = "\
    url format local var calc min max clamp rgb rgba hsl hsla hwb lab lch oklab \
    oklch color color-mix light-dark icc-color device-cmyk matrix matrix3d \
    translate translatex translatey translatez translate3d scale scalex scaley \
    scalez scale3d rotate rotatex rotatey rotatez rotate3d skew skewx skewy \
    perspective cubic-bezier steps linear linear-gradient radial-gradient blur \
    brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate \
    sepia circle ellipse inset polygon path rect not is where has nth-child \
    nth-last-child nth-of-type nth-last-of-type lang dir";

/// Beginnings of addresses of pictures that stand in the address itself.
const PICTURES: [&str; 5] = [
    "data:image/png",
    "data:image/jpeg",
    "data:image/jpg",
    "data:image/webp",
    "data:image/gif",
];

/// Beginnings of addresses of fonts that stand in the address itself.
const FONTS: [&str; 3] =
    ["data:font/", "data:application/font-woff", "data:application/x-font-"];

/// The size of an SVG in CSS pixels, if it is harmless.
pub(super) fn check(text: &str) -> Result<(u32, u32), Refusal> {
    let is_control = |it: char| it.is_control() && !matches!(it, '\t' | '\r' | '\n');
    if let Some(at) = text.find(is_control) {
        let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let message = format!("line {line} of it holds an invisible control character");
        return Err(Refusal::Broken(message));
    }
    let mut reader = NsReader::from_str(text);
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
                let names = reader.resolver();
                if size.is_none() {
                    check_root(tag, names)?;
                    size = Some(size_of(tag)?);
                } else if n_open == 0 {
                    let message = "it goes on behind the end of its `svg` element";
                    return Err(Refusal::Broken(message.to_owned()));
                }
                if style.is_some() {
                    return Err(refuse("an element within a style"));
                }
                let is_style = check_element(tag, names).map_err(|it| refuse(&it))?;
                if matches!(event, Event::Start(_)) {
                    n_open += 1;
                    style = is_style.then(String::new);
                }
            }
            Event::End(_) => {
                n_open = n_open.saturating_sub(1);
                // No element stands within a style, so that this is its own end.
                if let Some(css) = style.take() {
                    check_style_sheet(&css).map_err(|it| refuse(&it))?;
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
                let sign = match &**reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                };
                match (&mut style, sign) {
                    (Some(css), Some(sign)) => css.push(sign),
                    (None, Some(_)) => {}
                    (None, None) if reference.is_char_ref() => {}
                    _ => return Err(refuse("an entity that stands for something else")),
                }
            }
            Event::DocType(ref text) => {
                if size.is_some() || !is_plain_document_type(text) {
                    return Err(refuse("a document type that is more than a name"));
                }
            }
            // Programs of Adobe put their notes between two of these.
            Event::PI(ref it) if it.target() == "xpacket" => {}
            Event::PI(_) => return Err(refuse("a processing instruction")),
            Event::Decl(ref declaration) => check_declaration(declaration, at)?,
            Event::Eof => break,
            Event::Comment(_) => {}
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

/// Browsers obey the encoding that a file declares; in another one than ours the same bytes
/// are other characters.
fn check_declaration(declaration: &BytesDecl<'_>, at: usize) -> Result<(), Refusal> {
    if at != 0 {
        let message = "its XML declaration does not stand at its beginning";
        return Err(Refusal::Broken(message.to_owned()));
    }
    let text: &str = declaration;
    let mut attributes =
        text.split_once(char::is_whitespace).map_or("", |it| it.1).trim();
    while !attributes.is_empty() {
        let broken = || Refusal::Broken("its XML declaration cannot be read".to_owned());
        let (name, rest) = attributes.split_once('=').ok_or_else(broken)?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''));
        let rest = rest.get(1..).unwrap_or_default();
        let (value, rest) =
            rest.split_once(quote.ok_or_else(broken)?).ok_or_else(broken)?;
        match (name.trim(), value) {
            ("version", "1.0") | ("standalone", "yes" | "no") => {}
            ("encoding", value) if value.eq_ignore_ascii_case("utf-8") => {}
            (name @ ("version" | "encoding" | "standalone"), value) => {
                let (value, shown) = (shortened(value), name.escape_debug());
                let message = format!(
                    "it declares the {shown} `{value}`; only XML 1.0 in UTF-8 is published"
                );
                return Err(Refusal::Broken(message));
            }
            _ => return Err(broken()),
        }
        attributes = rest.trim_start();
    }
    Ok(())
}

/// Whether a document type is the name `svg`, alone or with the address of its definition,
/// which browsers do not fetch. Readers differ in where anything else ends.
fn is_plain_document_type(text: &str) -> bool {
    let mut rest = text.trim();
    let mut word = || {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after.trim_start();
        word
    };
    if word() != "svg" {
        return false;
    }
    let n_texts = match word() {
        "" => 0,
        "PUBLIC" => 2,
        "SYSTEM" => 1,
        _ => return false,
    };
    for _ in 0..n_texts {
        let Some(quote @ ('"' | '\'')) = rest.chars().next() else { return false };
        let Some((content, after)) = rest.get(1..).and_then(|it| it.split_once(quote))
        else {
            return false;
        };
        if content.contains(['<', '>', '[', ']', '&', '%', '"', '\'']) {
            return false;
        }
        rest = after.trim_start();
    }
    rest.is_empty()
}

fn check_root(tag: &BytesStart<'_>, names: &NamespaceResolver) -> Result<(), Refusal> {
    let (namespace, local) = names.resolve_element(tag.name());
    if local.as_ref() != "svg" {
        let message = format!("it is a `{}` and not an `svg`", shortened(local.as_ref()));
        return Err(Refusal::Broken(message));
    }
    match namespace {
        ResolveResult::Bound(it) if it.as_ref() == SVG => Ok(()),
        _ => {
            let message =
                format!("browsers do not show an `svg` without `xmlns=\"{SVG}\"`");
            Err(Refusal::Broken(message))
        }
    }
}

fn has_word(list: &str, word: &str) -> bool {
    list.split(' ').any(|it| it == word)
}

fn is_note(namespace: &str) -> bool {
    NOTES.contains(&namespace) || namespace.starts_with(NOTES_OF_ADOBE)
}

/// Gives whether the element is a style sheet.
fn check_element(
    tag: &BytesStart<'_>,
    names: &NamespaceResolver,
) -> Result<bool, String> {
    let whole = tag.name();
    let (namespace, local) = names.resolve_element(whole);
    let local = local.as_ref();
    let is_drawn = match namespace {
        ResolveResult::Bound(it) if it.as_ref() == SVG && has_word(ELEMENTS, local) => {
            true
        }
        ResolveResult::Bound(it) if is_note(it.as_ref()) => false,
        _ => return Err(format!("the element `{}`", shortened(whole.as_ref()))),
    };
    let may_be_picture = matches!(local, "image" | "feImage");
    for attribute in tag.attributes() {
        let Ok(attribute) = attribute else {
            return Err("an attribute that cannot be read".to_owned());
        };
        let key = attribute.key.as_ref();
        let shown = shortened(key);
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else {
            return Err(format!("an unknown entity in `{shown}`"));
        };
        if key == "xmlns" || key.starts_with("xmlns:") {
            // Names are compared as they are written.
            if value != attribute.value {
                return Err(format!("the namespace `{}`", shortened(&value)));
            }
            continue;
        }
        let (namespace, name) = names.resolve_attribute(attribute.key);
        let name = name.as_ref().to_ascii_lowercase();
        if name.starts_with("on") {
            return Err(format!("the event handler `{shown}`"));
        }
        let is_plain = match namespace {
            ResolveResult::Unbound => true,
            ResolveResult::Bound(it) if it.as_ref() == SVG => true,
            ResolveResult::Bound(it) if it.as_ref() == XLINK => true,
            ResolveResult::Bound(it) if it.as_ref() == XML => {
                if !matches!(name.as_str(), "space" | "lang" | "id") {
                    return Err(format!("the attribute `{shown}`"));
                }
                continue;
            }
            ResolveResult::Bound(it) if is_note(it.as_ref()) => false,
            _ => return Err(format!("the attribute `{shown}`")),
        };
        if !is_plain {
            continue;
        }
        if name == "href" {
            if !(is_inside(&value) || (may_be_picture && is_picture(&value))) {
                return Err(format!("the address `{}`", shortened(&value)));
            }
            continue;
        }
        if ADDRESSES.contains(&name.as_str()) {
            return Err(format!("the attribute `{shown}`"));
        }
        let may_be_style = is_drawn
            && !matches!(name.as_str(), "id" | "class" | "unicode" | "u1" | "u2")
            && !name.starts_with("data-")
            && !name.starts_with("aria-");
        if name == "attributename" {
            let target = value.trim().to_ascii_lowercase();
            if target.contains([':', '&']) || target == "href" || target.starts_with("on")
            {
                return Err("an animation of an address".to_owned());
            }
        } else if may_be_style {
            // Many attributes take CSS values, `fill` and `filter` among them.
            check_style(&value)?;
        }
    }
    Ok(is_drawn && local == "style")
}

/// Text of a file in a message.
fn shortened(text: &str) -> String {
    text.chars().take(60).collect::<String>().escape_debug().to_string()
}

/// Whether an address leads to a part of the same file, or nowhere.
fn is_inside(address: &str) -> bool {
    let address = address.trim();
    address.is_empty() || address.starts_with('#')
}

fn is_picture(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    PICTURES.iter().any(|it| {
        address.strip_prefix(it).is_some_and(|rest| rest.starts_with([';', ',']))
    })
}

fn check_style_sheet(css: &str) -> Result<(), String> {
    for rest in css.split('@').skip(1) {
        let rule = rest
            .split(|it: char| !it.is_ascii_alphanumeric() && it != '-' && it.is_ascii())
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !RULES.contains(&rule.as_str()) {
            return Err(format!("the rule `@{}` in a style", shortened(&rule)));
        }
    }
    check_style(css)
}

/// Looks for what makes CSS fetch something.
fn check_style(css: &str) -> Result<(), String> {
    // `\75rl(` is another spelling of `url(`.
    if css.contains('\\') {
        return Err("a style with `\\`, behind which an address could hide".to_owned());
    }
    let css = css.to_ascii_lowercase();
    if css.contains("javascript:") {
        return Err("the address of a script".to_owned());
    }
    let is_in_name =
        |it: char| it.is_ascii_alphanumeric() || "-_".contains(it) || !it.is_ascii();
    let parts: Vec<&str> = css.split('(').collect();
    for pair in parts.windows(2) {
        let &[before, behind] = pair else { continue };
        let function = before.rsplit(|it| !is_in_name(it)).next().unwrap_or_default();
        if !function.is_empty() && !has_word(FUNCTIONS, function) {
            return Err(format!("the function `{}` in a style", shortened(function)));
        }
        let address = behind.trim_start().trim_start_matches(['"', '\'']);
        let is_harmless = address.starts_with('#')
            || is_picture(address)
            || FONTS.iter().any(|it| address.starts_with(it));
        if function == "url" && !is_harmless {
            let end = address.find(')').unwrap_or(address.len());
            let shown = shortened(address.get(..end).unwrap_or_default());
            return Err(format!("the address `{shown}` in a style"));
        }
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
mod tests;
