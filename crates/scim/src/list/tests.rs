use serde_json::json;

use super::{LIST_URN, list_response};

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
