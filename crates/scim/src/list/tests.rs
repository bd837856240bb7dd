use serde_json::json;

use super::{LIST_URN, cursor_response, list_response};

#[test]
fn counts_are_integers_and_those_of_the_page() {
    let empty = list_response(Vec::new(), 0, 1);
    let message = json!({
        "schemas": [LIST_URN], "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []
    });
    assert_eq!(empty, message);
    let page = list_response(vec![json!({"id": "a"}), json!({"id": "b"})], 12, 11);
    assert_eq!(page["itemsPerPage"], 2);
    assert_eq!(page["totalResults"], 12);
    assert_eq!(page["startIndex"], 11);
    assert_eq!(page["Resources"][1]["id"], "b");
}

#[test]
fn cursor_pages_have_no_index_and_the_last_no_cursor() {
    let page = cursor_response(vec![json!({"id": "a"})], 2, Some("next".to_owned()));
    let message = json!({
        "schemas": [LIST_URN], "totalResults": 2, "itemsPerPage": 1, "nextCursor": "next",
        "Resources": [{ "id": "a" }]
    });
    assert_eq!(page, message);
    let last = cursor_response(Vec::new(), 2, None);
    assert_eq!(last.get("nextCursor"), None);
    assert_eq!(last.get("startIndex"), None);
}
