//! The page that stands at an old address and leads to the new one.

use crate::text::slug::encode_path;

/// A page for an old address. It says nothing in any language, so it needs no direction.
pub(super) fn page(base_url: &str, address: &str) -> Vec<u8> {
    let url = format!("{base_url}{}", encode_path(address));
    let url = url.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>{url}</title>\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <link rel=\"canonical\" href=\"{url}\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n</head>\n\
         <body><p><a href=\"{url}\">{url}</a></p></body>\n</html>\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_address_leads_to_the_new_one() {
        let page = page("https://example.org/desk/", "topics/إيران/");
        let page = String::from_utf8(page).unwrap();
        let url = "https://example.org/desk/topics/%D8%A5%D9%8A%D8%B1%D8%A7%D9%86/";
        assert_eq!(page.matches(url).count(), 5);
        assert!(page.contains("noindex") && page.contains("rel=\"canonical\""));
    }
}
