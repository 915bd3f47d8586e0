//! A YAML value in few bytes, for a build that reads the same text again: what stands in the
//! text as it is read is kept as a place.

use serde::{Deserialize, Serialize};

use crate::diag::Span;
use crate::yaml::{Key, Node, Value};

/// A node, with borrowed or owned texts.
#[derive(Serialize, Deserialize)]
struct Packed<'a> {
    span: Span,
    #[serde(borrow)]
    value: PackedValue<'a>,
}

#[derive(Serialize, Deserialize)]
enum PackedValue<'a> {
    Null,
    /// A scalar without quotes whose text stands in its span.
    Written,
    Scalar {
        text: &'a str,
        is_plain: bool,
    },
    #[serde(borrow)]
    List(Vec<Packed<'a>>),
    #[serde(borrow)]
    Map(Vec<(Span, Option<&'a str>, Packed<'a>)>),
}

/// The bytes of a node that was read off `source`.
pub fn pack(node: &Node, source: &str) -> Vec<u8> {
    postcard::to_allocvec(&packed(node, source))
        .expect("numbers and texts always have a form")
}

/// The node in some bytes; nothing where they are damaged.
pub fn unpack(bytes: &[u8], source: &str) -> Option<Node> {
    postcard::from_bytes(bytes).ok().map(|it| unpacked(it, source))
}

fn packed<'a>(node: &'a Node, source: &str) -> Packed<'a> {
    let span = node.span;
    let value = match &node.value {
        Value::Null => PackedValue::Null,
        Value::Scalar { text, is_plain: true } if span.of(source) == text => {
            PackedValue::Written
        }
        Value::Scalar { text, is_plain } => {
            PackedValue::Scalar { text, is_plain: *is_plain }
        }
        Value::List(items) => {
            PackedValue::List(items.iter().map(|it| packed(it, source)).collect())
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|(Key { text, span }, it)| {
                let text = (span.of(source) != text).then_some(text.as_str());
                (*span, text, packed(it, source))
            });
            PackedValue::Map(entries.collect())
        }
    };
    Packed { span, value }
}

fn unpacked(Packed { span, value }: Packed<'_>, source: &str) -> Node {
    let value = match value {
        PackedValue::Null => Value::Null,
        PackedValue::Written => {
            Value::Scalar { text: span.of(source).to_owned(), is_plain: true }
        }
        PackedValue::Scalar { text, is_plain } => {
            Value::Scalar { text: text.to_owned(), is_plain }
        }
        PackedValue::List(items) => {
            Value::List(items.into_iter().map(|it| unpacked(it, source)).collect())
        }
        PackedValue::Map(entries) => {
            let entries = entries.into_iter().map(|(span, text, it)| {
                let text = text.unwrap_or_else(|| span.of(source)).to_owned();
                (Key { text, span }, unpacked(it, source))
            });
            Value::Map(entries.collect())
        }
    };
    Node { span, value }
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};
    use crate::diag::SourcePath;
    use crate::yaml;

    #[test]
    fn what_is_packed_is_what_is_unpacked() {
        let before = "---\n";
        let text = "title: معاهدة الأنهار\n\"quoted key\": 'it''s'\nlist: [a, \"b\\nc\", ~]\n\
                    folded: >\n  one\n  two\nnested:\n  - id: x\n    empty:\n  - - 1\n    - 2\n";
        let source = format!("{before}{text}");
        let path = SourcePath::new("content/briefings/a.md");
        let node = yaml::parse(text, before.len(), &path).value.expect("it can be read");
        let bytes = pack(&node, &source);
        assert_eq!(unpack(&bytes, &source), Some(node));
        assert!(bytes.len() < text.len(), "{} of {}", bytes.len(), text.len());
        assert_eq!(unpack(&bytes[..bytes.len() - 1], &source), None);
    }
}
