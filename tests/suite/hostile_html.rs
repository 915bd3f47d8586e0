//! Hostile addresses and HTML in articles and metadata: nothing a browser would run comes
//! out (rows M1 to M9, M17; measure R8).

use std::collections::BTreeMap;

use mujaz::diag::{Severity, SourcePath};
use mujaz::load::{self, Sources};
use mujaz::model::Clock;
use mujaz::render::html::{self, HtmlContext};
use mujaz::render::words::Words;

use crate::active::{active_content, is_harmless};
use crate::desk::{Files, built, desk, file};
use crate::golden;
use crate::markup::{Markup, unescape};

/// Addresses that a browser would obey, or take for another than they seem to be.
pub(crate) const ADDRESSES: [&str; 60] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "JAVASCRIPT:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java&#115;cript:alert(1)",
    "java&Tab;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript%3Aalert(1)",
    "javascript:%61lert(1)",
    "javascript://host/%0aalert(1)",
    "javascript:/*--></title>*/alert(1)",
    "\u{1}javascript:alert(1)",
    "\u{7F}javascript:alert(1)",
    "\u{A0}javascript:alert(1)",
    "\u{200F}javascript:alert(1)",
    "\u{FEFF}javascript:alert(1)",
    "\u{2028}javascript:alert(1)",
    "javascript\u{200B}:alert(1)",
    "ｊavascript:alert(1)",
    "vbscript:msgbox(1)",
    "VBSCRIPT:msgbox(1)",
    "livescript:x",
    "mocha:x",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "DATA:text/html,x",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:,x",
    "blob:https://x.example/1",
    "filesystem:https://x.example/1",
    "file:///etc/passwd",
    "ftp://x.example/a",
    "ws://x.example/",
    "about:blank",
    "view-source:https://x.example/",
    "jar:https://x.example!/a",
    "intent://x#Intent;end",
    "android-app://x",
    "ms-word:ofe|u|https://x.example/a",
    "steam://run/1",
    "chrome://settings",
    "resource://x",
    "feed:javascript:alert(1)",
    "//x.example/a",
    "\\\\x.example\\a",
    "/\\x.example/a",
    "\\/x.example/a",
    "///x.example/a",
    "/\t/x.example/a",
    "http:x.example",
    "https:/x.example",
    "http:\\\\x.example",
    "https://x.example/\" onmouseover=\"alert(1)",
    "https://x.example/'><script>alert(1)</script>",
    "#\" onfocus=\"alert(1)\" autofocus=\"",
    "?\"><img src=x onerror=alert(1)>",
];

/// HTML that a browser would obey, or that would break the page around it.
const HTML: [&str; 80] = [
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<script src=//x.example/a.js></script>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<img src=\"x\" onerror=\"alert(1)\">",
    "<image src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>",
    "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x>",
    "<base href=//x.example/>",
    "<base target=_blank>",
    "<meta http-equiv=refresh content=\"0;url=//x.example/\">",
    "<meta charset=utf-7>",
    "<link rel=stylesheet href=//x.example/a.css>",
    "<link rel=import href=//x.example/>",
    "<style>*{background:url(//x.example)}</style>",
    "<style>@import '//x.example';</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div style=position:fixed;inset:0>x</div>",
    "<form action=//x.example><input name=password><button>ok</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<isindex action=javascript:alert(1)>",
    "<body onload=alert(1)>",
    "<html onmouseover=alert(1)>",
    "<frameset onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<details/open/ontoggle=alert(1)>x</details>",
    "<summary onclick=alert(1)>x</summary>",
    "<video><source onerror=alert(1)></video>",
    "<video src=x onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<keygen autofocus onfocus=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"https://x.example\" onclick=alert(1)>x</a>",
    "<area href=javascript:alert(1)>",
    "<bdi onmouseover=alert(1)>x</bdi>",
    "<bdi dir=ltr onmouseover=alert(1)>x</bdi>",
    "<span dir=\"ltr\" style=\"x\">x</span>",
    "<span dir='ltr\" onclick=\"alert(1)'>x</span>",
    "<abbr title='\" onmouseover=\"alert(1)'>x</abbr>",
    "<abbr title=\"</abbr><script>alert(1)</script>\">x</abbr>",
    "<time datetime=\"javascript:alert(1)\">x</time>",
    "<span lang=\"ar\" onclick>x</span>",
    "<span id=mujaz name=mujaz>x</span>",
    "<span class=mention>x</span>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext>",
    "<listing>&lt;img onerror=alert(1) src=x></listing>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
    "<!DOCTYPE html [<!ENTITY x \"<script>\">]>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<!--><script>alert(1)</script>-->",
    "</article></main></body><script>alert(1)</script>",
    "</p></div></div></section><h1>x</h1>",
    "<div><div><details><summary>x",
    "<bdi><span><kbd>x</span></bdi>",
    "<x onclick=alert(1)>x</x><custom-element onclick=alert(1)>",
];

pub(crate) const SETTINGS: &str =
    "title: نشرة\nbase_url: https://desk.example/\ncards: false\nfeeds: {items: 500}\n";

/// Tags of the frame of a page: what is no running text.
fn frame(html: &str) -> BTreeMap<&str, usize> {
    let mut tags = BTreeMap::new();
    for tag in Markup::read(html).tags {
        *tags.entry(tag.name).or_insert(0) += 1;
    }
    tags.retain(|name, _| {
        matches!(
            *name,
            "main" | "article" | "header" | "footer" | "nav" | "body" | "script"
        )
    });
    tags
}

/// Checks everything that a page may run or lead to.
#[track_caller]
pub(crate) fn check_page(path: &str, html: &str) {
    for tag in &Markup::read(html).tags {
        let name = tag.name.to_lowercase();
        let of_frame = match name.as_str() {
            "script" => {
                let own = tag.get("src").is_some_and(|it| it.starts_with("/assets/"));
                own || tag.get("type") == Some("application/ld+json")
            }
            "link" => tag.get("href").is_some_and(is_harmless),
            "meta" => tag.get("http-equiv").is_none_or(|it| it == "refresh"),
            "iframe" | "object" | "embed" | "base" | "style" | "math" | "frameset" => {
                false
            }
            _ => true,
        };
        assert!(of_frame, "{path}: <{name} {:?}>", tag.attributes);
        for (key, value) in &tag.attributes {
            let is_active = key.starts_with("on")
                || matches!(*key, "style" | "srcdoc" | "formaction" | "xlink:href");
            assert!(!is_active, "{path}: <{name} {key}={value:?}>");
            if matches!(*key, "href" | "src" | "action") {
                assert!(
                    is_harmless(&unescape(value)),
                    "{path}: <{name} {key}={value:?}>"
                );
            }
        }
    }
}

#[test]
fn m1_r8_no_hostile_address_becomes_a_link() {
    let mut n_refused = 0;
    for (at, address) in ADDRESSES.iter().enumerate() {
        for written in [
            format!("[x]({address})"),
            format!("[x](<{address}>)"),
            format!("<{address}>"),
            format!("[[{address}]]"),
            format!("[[{address}|x]]"),
            format!("![x]({address})"),
            format!("![x](<{address}>)"),
            format!("[x][y]\n\n[y]: <{address}>"),
            format!("نص {address} نص"),
        ] {
            for policy in ["text", "safe"] {
                let settings = format!("{SETTINGS}html: {policy}\n");
                let text =
                    format!("---\ntitle: نص\ndate: 2025-01-02\n---\n\n{written}\n");
                let files = [
                    file("content/site.yaml", &settings),
                    file("content/briefings/a.md", &text),
                ];
                // Without the pages: what the article itself became.
                let html = body(&files);
                let wrong = active_content(&html);
                assert!(wrong.is_none(), "{at} {written:?}: {wrong:?}\n{html}");
            }
        }
        let link = format!("---\ntitle: نص\ndate: 2025-01-02\n---\n\n[x](<{address}>)\n");
        let files =
            [file("content/site.yaml", SETTINGS), file("content/briefings/a.md", &link)];
        let (built, memory, _) = golden::build(&files);
        let is_error = built.diagnostics.iter().any(|it| it.severity == Severity::Error);
        n_refused += usize::from(is_error);
        // What is no error is harmless, or no link.
        for (path, bytes) in &*memory.files.lock().unwrap() {
            if !is_error && path.ends_with(".html") {
                check_page(path, std::str::from_utf8(bytes).unwrap());
            }
        }
    }
    assert!(50 <= n_refused, "only {n_refused} of 60 are said to be wrong");
}

/// The HTML of the one article of a site, whatever mistakes are in it.
fn body(files: &[(String, Vec<u8>)]) -> String {
    let mut sources = Sources::default();
    for (path, bytes) in files {
        let path = SourcePath::new(path);
        let kind = load::kind_of(&path).unwrap();
        sources.files.extend(load::source_file(path, kind, bytes.clone()).value);
    }
    sources.files.sort_by(|a, b| a.path.cmp(&b.path));
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = Clock { now, is_preview: false };
    let info = mujaz::BuildInfo { clock, stamp: None, base_url: None };
    let site = mujaz::read_site(&sources, &info, &mut |_| {}).value;
    let links = mujaz::link::link(&site, &sources).value;
    let lang = &site.config.lang;
    let digits = site.config.date_style(lang).digits;
    let words = Words::new(lang, digits, &[], &mut Vec::new());
    let context = HtmlContext {
        site: &site,
        links: &links,
        words: &words,
        lang,
        origin: "",
        hrefs: &BTreeMap::new(),
        pictures: &BTreeMap::new(),
    };
    let html =
        html::article(&site.briefings[0].body.document(), &links.briefings[0], context);
    html.body + &html.footnotes
}

/// The site of all payloads, each in four places of an article.
fn site_of_html(policy: &str, trust: &str) -> Files {
    let settings = format!("{SETTINGS}html: {policy}\n");
    let mut files = vec![file("content/site.yaml", &settings)];
    for (at, html) in HTML.iter().enumerate() {
        let text = format!(
            "---\ntitle: نص {at}\ndate: 2025-01-02\ntrust: {trust}\n---\n\nقبل {html} بعد\n\n\
             {html}\n\n- بند {html}\n\n> {html}\n\n## عنوان {html}\n\n| أ |\n|---|\n| {} |\n\nنهاية\n",
            html.replace(['\n', '|'], " "),
        );
        // A comment without an end is an error; here it is no comment.
        if !text.contains("<!--") || html.contains("-->") {
            files.push(file(&format!("content/briefings/b{at}.md"), &text));
        }
    }
    files
}

#[test]
fn m2_m3_m8_m17_r8_no_html_of_an_author_is_active_whatever_the_policy() {
    let plain = "---\ntitle: نص\ndate: 2025-01-02\n---\n\nقبل\n\n## عنوان\n\nنهاية\n";
    let clean =
        [file("content/site.yaml", SETTINGS), file("content/briefings/b.md", plain)];
    let clean = built(desk(&clean.to_vec()).path(), &[]);
    let page = String::from_utf8(clean["briefings/نص/index.html"].clone()).unwrap();
    let expected = frame(&page);
    for (policy, trust) in [("text", "full"), ("safe", "full"), ("safe", "low")] {
        let dir = desk(&site_of_html(policy, trust));
        let made = built(dir.path(), &[]);
        let mut n_pages = 0;
        for (path, bytes) in made.iter().filter(|it| it.0.ends_with(".html")) {
            let html = std::str::from_utf8(bytes).unwrap();
            check_page(path, html);
            if path.starts_with("briefings/") {
                n_pages += 1;
                // Nothing of an author's ends or begins a part of the page.
                let mut found = frame(html);
                found.insert("nav", expected["nav"]);
                assert_eq!(found, expected, "{path}");
            }
        }
        assert_eq!(n_pages, HTML.len(), "{policy}");
        let feed: serde_json::Value = serde_json::from_slice(&made["feed.json"]).unwrap();
        let items = feed["items"].as_array().unwrap();
        assert_eq!(items.len(), HTML.len());
        for item in items {
            let html = item["content_html"].as_str().unwrap();
            let wrong = active_content(html);
            assert!(wrong.is_none(), "{policy} {}: {wrong:?}\n{html}", item["title"]);
        }
    }
}

/// What an article becomes under a policy.
fn article(policy: &str, text: &str) -> String {
    let settings = format!("{SETTINGS}html: {policy}\n");
    let text = format!("---\ntitle: نص\ndate: 2025-01-02\n---\n\n{text}\n");
    body(&[file("content/site.yaml", &settings), file("content/briefings/a.md", &text)])
}

#[track_caller]
fn check_safe(text: &str, expected: &str) {
    let html = article("safe", text);
    assert_eq!(html, expected, "{text}");
    assert_eq!(active_content(&html), None);
}

#[test]
fn m7_language_direction_and_the_list_of_elements_pass_where_the_site_lets_them() {
    check_safe(
        "نص <bdi dir=\"ltr\">a b</bdi> نص",
        "<p>نص <bdi dir=\"ltr\">a b</bdi> نص</p>\n",
    );
    check_safe(
        "<abbr title='A & \"B\"'>أ</abbr>",
        "<p><abbr title=\"A &amp; &quot;B&quot;\">أ</abbr></p>\n",
    );
    check_safe("كلمة<wbr>طويلة", "<p>كلمة<wbr>طويلة</p>\n");
    check_safe(
        "<time datetime=\"2025-03-09\">أمس</time> **و<mark>هذا</mark>**",
        "<p><time datetime=\"2025-03-09\">أمس</time> <strong>و<mark>هذا</mark></strong></p>\n",
    );
    check_safe(
        "<span lang=fa>متن</span>",
        "<p><span lang=\"fa\" dir=\"rtl\">متن</span></p>\n",
    );
    check_safe(
        "<details open>\n<summary>عنوان</summary>\n\nفقرة **مهمة**\n\n</details>\n\nبعد",
        "<details open><summary>عنوان</summary>\n<p>فقرة <strong>مهمة</strong></p>\n\
         </details>\n<p>بعد</p>\n",
    );
    check_safe(
        "<div lang=\"he\" dir=\"rtl\">\n\n- שלום\n\n</div>",
        "<div lang=\"he\" dir=\"rtl\"><ul>\n<li>שלום</li>\n</ul>\n</div>\n",
    );
    check_safe("<div>كلمات &amp; أخرى</div>", "<div><p>كلمات &amp; أخرى</p>\n</div>\n");
}

#[test]
fn m17_what_nobody_has_ended_ends_with_its_block_and_what_ends_nothing_is_shown() {
    check_safe("<bdi>أ\n\nب", "<p><bdi>أ</bdi></p>\n<p>ب</p>\n");
    check_safe("أ</bdi> ب", "<p>أ&lt;/bdi&gt; ب</p>\n");
    check_safe(
        "**أ <bdi>ب** ج</bdi>",
        "<p><strong>أ <bdi>ب</bdi></strong> ج&lt;/bdi&gt;</p>\n",
    );
    check_safe(
        "<bdi><span>أ</bdi></span>",
        "<p><bdi><span>أ</span></bdi>&lt;/span&gt;</p>\n",
    );
    check_safe("- <div>\n\nبعد", "<ul>\n<li><div></div>\n</li>\n</ul>\n<p>بعد</p>\n");
    check_safe("أ <div>ب</div>", "<p>أ &lt;div&gt;ب&lt;/div&gt;</p>\n");
    check_safe("<div>\n\nأ", "<div><p>أ</p>\n</div>\n");
    check_safe("<summary>أ</summary>", "<p>&lt;summary&gt;أ&lt;/summary&gt;\n</p>\n");
}

#[test]
fn m2_html_is_text_by_default_and_in_texts_from_outside() {
    let text = "نص <bdi>أ</bdi> [ب](https://x.example/)";
    let escaped = "<p>نص &lt;bdi&gt;أ&lt;/bdi&gt; <a class=\"external\" rel=\"noopener\" \
                   href=\"https://x.example/\">ب</a></p>\n";
    assert_eq!(article("text", text), escaped);
    let settings = format!("{SETTINGS}html: safe\n");
    for files in [
        vec![file(
            "content/briefings/a.md",
            &format!("---\ntitle: نص\ndate: 2025-01-02\ntrust: low\n---\n{text}\n"),
        )],
        // In the sidecar, which is read apart from the text.
        vec![
            file("content/briefings/a.md", text),
            file("content/briefings/a.yaml", "title: نص\ndate: 2025-01-02\ntrust: low\n"),
        ],
    ] {
        let html = body(&[files, vec![file("content/site.yaml", &settings)]].concat());
        assert_eq!(html, escaped.replace("noopener", "nofollow ugc noopener"));
    }
}
