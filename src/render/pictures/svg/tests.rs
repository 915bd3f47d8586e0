use super::{Refusal, check};

/// What stands in front of every sample that does not say otherwise.
const OPEN: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
    width=\"2\" height=\"1\">";

fn inside(sample: &str) -> String {
    format!("<?xml version=\"1.0\"?>{OPEN}{sample}</svg>")
}

#[track_caller]
fn check_size(attributes: &str, expected: (u32, u32)) {
    let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}/>");
    assert_eq!(check(&text), Ok(expected));
}

#[test]
fn a_size_comes_from_attributes_or_the_view_box() {
    check_size("width='20' height='10px'", (20, 10));
    check_size("width='1in' height='25.4mm'", (96, 96));
    check_size("viewBox='0 0 40,30'", (40, 30));
    check_size("width='100%' height='100%' viewBox='0 0 40 30'", (40, 30));
    check_size("width='80' viewBox='0 0 40 30'", (80, 60));
    check_size("height='60' viewBox='0 0 40 30'", (80, 60));
    for broken in [
        "<svg xmlns='http://www.w3.org/2000/svg' width='20'/>",
        "<html/>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>",
        // Browsers show neither.
        "<svg viewBox='0 0 1 1'/>",
        "<svg xmlns='http://www.w3.org/1999/xhtml' viewBox='0 0 1 1'/>",
    ] {
        assert!(matches!(check(broken), Err(Refusal::Broken(_))), "{broken}");
    }
}

#[test]
fn what_acts_or_fetches_is_refused() {
    for sample in [
        // Elements that act, under any name.
        "<script>alert(1)</script>",
        "<SCRIPT/>",
        "<x:script xmlns:x=\"http://www.w3.org/2000/svg\"/>",
        "<h:script>alert(1)</h:script>",
        "<script xmlns=\"http://www.w3.org/1999/xhtml\"/>",
        "<h:img src=\"x\" srcset=\"//elsewhere.example 1x\"/>",
        "<h:meta http-equiv=\"refresh\" content=\"0;url=//elsewhere.example\"/>",
        "<h:link rel=\"stylesheet\" href=\"//elsewhere.example\"/>",
        "<h:p/>",
        "<h:style>p{color:red}</h:style>",
        "<metadata><h:script/></metadata>",
        "<foreignObject><p/></foreignObject>",
        "<handler type=\"text/javascript\"/>",
        "<x:any xmlns:x=\"urn:any\"/>",
        "<x:any/>",
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"/>",
        // Events and addresses.
        "<rect onload=\"alert(1)\"/>",
        "<rect OnClick=\"alert(1)\"/>",
        "<rect x:onload=\"1\" xmlns:x=\"http://www.w3.org/2000/svg\"/>",
        "<a xlink:href=\"javascript:alert(1)\"/>",
        "<a href=\"&#x6a;avascript:alert(1)\"/>",
        "<a href=\"https://elsewhere.example/\"/>",
        "<a x:href=\"javascript:1\" xmlns:x=\"http://www.w3.org/1999/xlink\"/>",
        "<a href=\"#a\" ping=\"//elsewhere.example\"/>",
        "<a href=\"data:image/png,x\"/>",
        "<image href=\"https://elsewhere.example/x.png\"/>",
        "<image href=\"/etc/x.png\"/>",
        "<image href=\"data:image/svg+xml,x\"/>",
        "<image href=\"data:image/pngx,x\"/>",
        "<image srcset=\"x.png 1x\"/>",
        "<feImage href=\"x.png\"/>",
        "<use href=\"data:image/svg+xml,x\"/>",
        "<use href=\"data:image/png,x\"/>",
        "<g xml:base=\"https://elsewhere.example/\"/>",
        "<set attributeName=\"xlink:href\" to=\"#a\"/>",
        "<set attributeName=\" href \" to=\"#a\"/>",
        "<animate attributeName=\"x:href\" values=\"a\"/>",
        "<animate attributeName=\"onclick\" values=\"a\"/>",
        "<font-face-uri href=\"x.svg#f\"/>",
        "<animate attributeName=\"fill\" values=\"url(//elsewhere.example)\"/>",
        // Style sheets.
        "<style>@import 'x.css';</style>",
        "<style>@im<![CDATA[port]]> 'x.css';</style>",
        "<style>@im<!-- -->port 'x.css';</style>",
        "<style>@namespace h 'http://www.w3.org/1999/xhtml';</style>",
        "<style>@i<g/>mport 'x.css';</style>",
        "<style><g>x</g>@media print{}</style>",
        "<style>a{fill:url(https://elsewhere.example/#x)}</style>",
        "<style>a{fill:url( '//elsewhere.example')}</style>",
        "<style><![CDATA[a{fill:url('//elsewhere.example')}]]></style>",
        "<style>a{fill:\\75rl(//elsewhere.example)}</style>",
        "<style>@\\69mport 'x.css';</style>",
        "<style>a{fill:&#117;rl(//elsewhere.example)}</style>",
        "<style>a{mask:image-set('x.png' 1x)}</style>",
        "<style>a{mask:-webkit-image-set('x.png' 1x)}</style>",
        "<style>a{mask:src('x.png')}</style>",
        "<style>a{mask:image('x.png')}</style>",
        "<style>a{fill:url(data:image/svg+xml,x)}</style>",
        "<rect style=\"fill:url(x.svg#a)\"/>",
        "<rect fill=\"url(x.svg#a)\"/>",
        "<rect fill=\"u\\72l(x.svg#a)\"/>",
        // Parts of XML.
        "<?xml-stylesheet href=\"x.css\"?>",
        "<text>&who;</text>",
        "<g id=\"&who;\"/>",
        "<x:g xmlns:x=\"http://www.w3.org/2000/sv&#103;\"/>",
    ] {
        let found = check(&inside(sample));
        assert!(matches!(found, Err(Refusal::Unsafe(..))), "{sample}: {found:?}");
    }
}

#[test]
fn what_browsers_would_read_otherwise_is_refused() {
    let declared = |it: &str| format!("<?xml {it}?>{OPEN}</svg>");
    for refused in [
        declared("version=\"1.0\" encoding=\"ISO-2022-JP\""),
        declared("version='1.0' encoding = 'iso-8859-1'"),
        declared("version=\"1.0\" encoding=\"UTF-16\""),
        declared("version=\"1.0\" encoding=\"utf-7\""),
        declared("version=\"1.0\" encoding=\"\""),
        declared("version=\"1.0\" encoding=ISO-2022-JP"),
        declared("version=\"1.0\" Encoding=\"ISO-2022-JP\""),
        declared("version=\"1.0\" encoding=\"UTF-8\" encoding=\"Shift_JIS\""),
        declared("version=\"1.1\""),
        format!("<!-- --><?xml version=\"1.0\"?>{OPEN}</svg>"),
        format!("{OPEN}<?xml version=\"1.0\" encoding=\"EUC-JP\"?></svg>"),
        format!("{OPEN}</svg>{OPEN}</svg>"),
        inside("\u{1B}$B"),
        inside("<text>\u{0}</text>"),
        inside("<text>\u{9B}</text>"),
        format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{OPEN}</svg>"),
        format!("<!DOCTYPE svg SYSTEM \"a\" [<!ENTITY a \"b\">]>{OPEN}</svg>"),
        // Ours would begin a comment where a browser is still in the document type.
        format!("<!DOCTYPE svg SYSTEM \"><!--\">{OPEN}<script/><!-- --></svg>"),
        format!("<!DOCTYPE svg PUBLIC \"a\" \"><g a='\">{OPEN}<script/></svg>"),
        format!("{OPEN}<!DOCTYPE svg></svg>"),
        format!("<!DOCTYPE html>{OPEN}</svg>"),
    ] {
        assert!(check(&refused).is_err(), "{refused}");
    }
    for passed in [
        declared("version=\"1.0\" encoding=\"UTF-8\""),
        declared("version='1.0' encoding='utf-8' standalone='no'"),
        format!("<!DOCTYPE svg>{OPEN}</svg>"),
    ] {
        assert_eq!(check(&passed), Ok((2, 1)), "{passed}");
    }
}

/// As Inkscape writes a drawing, shortened.
const INKSCAPE: &str = r##"<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->

<svg
   width="210mm"
   height="297mm"
   viewBox="0 0 210 297"
   version="1.1"
   id="svg5"
   inkscape:version="1.2.2 (b0a8486541, 2022-12-01)"
   sodipodi:docname="C:\Users\desk\map (2).svg"
   inkscape:export-filename="C:\Users\desk\map.png"
   xml:space="preserve"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
   xmlns:xlink="http://www.w3.org/1999/xlink"
   xmlns="http://www.w3.org/2000/svg"
   xmlns:svg="http://www.w3.org/2000/svg"
   xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
   xmlns:cc="http://creativecommons.org/ns#"
   xmlns:dc="http://purl.org/dc/elements/1.1/"><sodipodi:namedview
     id="namedview7" pagecolor="#ffffff" inkscape:zoom="0.7"><inkscape:grid
       type="xygrid" id="grid9" /></sodipodi:namedview><title
     id="title1">خريطة</title><defs id="defs2"><linearGradient
       inkscape:collect="always" id="g1"><stop style="stop-color:#000000;stop-opacity:1;"
         offset="0" id="stop1" /></linearGradient><inkscape:path-effect
       effect="spiro" id="path-effect1" is_visible="true" /><clipPath
       clipPathUnits="userSpaceOnUse" id="c1"><path d="M 0,0 H 9 Z" /></clipPath></defs><g
     inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1"
     transform="matrix(1,0,0,1,-3,2) translate(2,3)"><path
       style="fill:url(#g1);stroke:#000;-inkscape-stroke:none;font-family:'Noto Sans'"
       clip-path="url(#c1)" d="m 1,2 c 0,0 1,1 2,2 z" sodipodi:nodetypes="cc"
       id="path1" /><use xlink:href="#path1" x="0" y="0" /><text
       xml:space="preserve" style="line-height:1.25"><tspan sodipodi:role="line"
         x="1" y="2">نص</tspan></text><flowRoot id="f1"><flowRegion
         id="f2" /><flowPara id="f3" /></flowRoot></g><metadata
     id="metadata1"><rdf:RDF><cc:Work rdf:about=""><dc:format>image/svg+xml</dc:format><dc:type
           rdf:resource="http://purl.org/dc/dcmitype/StillImage" /><cc:license
           rdf:resource="http://creativecommons.org/licenses/by/4.0/" /></cc:Work></rdf:RDF></metadata></svg>
"##;

/// As Illustrator writes a drawing, with its notes, shortened.
const ILLUSTRATOR: &str = r##"<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 27.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg version="1.1" id="Layer_1" xmlns="http://www.w3.org/2000/svg"
	 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:x="http://ns.adobe.com/Extensibility/1.0/"
	 xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/" x="0px" y="0px"
	 viewBox="0 0 640 480" style="enable-background:new 0 0 640 480;" xml:space="preserve"
	 i:viewOrigin="0 480">
<metadata><?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>Adobe Illustrator</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?></metadata>
<style type="text/css">
	.st0{fill:#FFFFFF;stroke:#231F20;stroke-miterlimit:10;}
	.st1{clip-path:url(#SVGID_00000_);}
	.st2{font-family:'MyriadPro-Regular';} .st3 &gt; g{fill:rgba(0,0,0,.5)}
</style>
<switch><g i:extraneous="self"><defs><rect id="SVGID_1_" width="640" height="480"/></defs>
<clipPath id="SVGID_00000_"><use xlink:href="#SVGID_1_" style="overflow:visible;"/></clipPath>
<image style="overflow:visible;" width="2" height="2"
 xlink:href="data:image/png;base64,iVBORw0KGgo=" transform="matrix(0.24 0 0 0.24 1 2)"/>
<text transform="matrix(1 0 0 1 10 20)" class="st2"><tspan x="0">A &amp; B &#8212;</tspan></text>
</g></switch></svg>
"##;

#[test]
fn exports_of_programs_pass() {
    assert_eq!(check(INKSCAPE), Ok((794, 1123)));
    assert_eq!(check(ILLUSTRATOR), Ok((640, 480)));
}

#[test]
fn what_stays_inside_passes() {
    for sample in [
        "<style>.a{fill:url(#g)} text{font:1px sans-serif}</style>\
         <defs><linearGradient id='g'/></defs><use xlink:href='#g'/>",
        "<style><![CDATA[@media (prefers-color-scheme: dark){a:not(.b){fill:var(--a)}}]]>\
         </style>",
        "<style>@font-face{font-family:x;src:url(data:font/woff2;base64,AA==) \
         format('woff2')}</style>",
        "<style>@keyframes a{to{transform:rotate(1turn)}} /* turning */</style>",
        "<text fill='url(#g)' transform='translate(1 2)'>a &amp; b &#8212;</text>",
        "<image href='data:image/png;base64,AA=='/><image href='#a'/>",
        "<filter id='f'><feGaussianBlur stdDeviation='2'/><feMerge><feMergeNode/></feMerge>\
         </filter><g filter='url(&quot;#f&quot;)'/>",
        "<a href='#part'><text>a</text></a><view id='part' viewBox='0 0 1 1'/>",
        "<rect><animate attributeName='width' values='1;2' dur='1s'/>\
         <set attributeName='fill' to='red'/></rect>",
        "<rect><animateTransform attributeName='transform' type='rotate'/></rect>",
        "<g id='a(b)\\c' class='x@y' data-name='Layer (copy)' aria-label='1 (2)\\3'/>",
        "<x:g xmlns:x='http://www.w3.org/2000/svg'/><text>\tنص\r\n</text>",
        "<defs><font id='f'><font-face font-family='x'/><glyph unicode='\\' d=''/>\
         <glyph unicode='('/></font></defs>",
        "<g xmlns:ooo='http://xml.openoffice.org/svg/export' ooo:slide='id1'/>",
        "<g xmlns:ev='http://www.w3.org/2001/xml-events' xmlns:any='urn:any'/>",
        "<marker id='m' orient='auto'><path d='M0 0L1 1z'/></marker><symbol id='s'/>",
    ] {
        assert_eq!(check(&inside(sample)), Ok((2, 1)), "{sample}");
    }
}
