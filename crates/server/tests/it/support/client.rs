use std::io;

use serde_json::{Value, json};
use testkit::replay::{Answer, HttpTransport, Request, Transport};

/// Requests below a base URL with one key.
pub(crate) struct Client {
    transport: HttpTransport,
    token: String,
}

impl Client {
    pub(crate) fn new(base: &str, token: &str) -> Client {
        Client {
            transport: HttpTransport::new(base).unwrap(),
            token: token.to_owned(),
        }
    }

    /// Sends a request; an error means that no answer came.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        self.send_with(&[], method, path, body)
    }

    /// The same with headers of its own.
    pub(crate) fn send_with(
        &self,
        more: &[(&str, &str)],
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let mut headers = vec![("Authorization".to_owned(), format!("Bearer {}", self.token))];
        let more = more.iter();
        headers.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        if let Some(password) = body.and_then(|body| body["password"].as_str()) {
            testkit::secrets::keep_password(password);
        }
        let answer = self.transport.send(&Request {
            method: method.to_owned(),
            path: path.to_owned(),
            headers,
            body: body.map(Value::to_string),
        })?;
        let text = String::from_utf8_lossy(&answer.body);
        if answer.status >= 400 {
            let found = testkit::secrets::find(&answer.body);
            assert_eq!(
                found, None,
                "a secret in {method} {path}: {}",
                answer.status
            );
        }
        testkit::secrets::keep_tokens(&text);
        Ok(answer)
    }

    /// Status and body; null where there is none.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let answer = self.send(method, path, body).unwrap();
        (
            answer.status,
            serde_json::from_slice(&answer.body).unwrap_or(Value::Null),
        )
    }

    /// The answer of a request that has to be answered with this status.
    #[track_caller]
    pub(crate) fn expect(
        &self,
        status: u16,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Value {
        let (found, answer) = self.ask(method, path, body);
        assert_eq!(found, status, "{method} {path}: {answer}");
        answer
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Value {
        self.expect(200, "GET", path, None)
    }

    /// Creates a user by its e-mail and returns the id.
    #[track_caller]
    pub(crate) fn add_user(&self, email: &str) -> String {
        let made = self.expect(201, "POST", "/Users", Some(&user(email)));
        made["id"].as_str().unwrap().to_owned()
    }

    /// Creates a group and returns the id.
    #[track_caller]
    pub(crate) fn add_group(&self, name: &str, members: &[&str]) -> String {
        let made = self.expect(201, "POST", "/Groups", Some(&group(name, members)));
        made["id"].as_str().unwrap().to_owned()
    }
}

/// A user as identity providers send one.
pub(crate) fn user(email: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": email,
        "name": {"givenName": "Given", "familyName": "Family"},
        "emails": [{"value": email, "type": "work", "primary": true}],
        "active": true,
    })
}

/// A group with these members.
pub(crate) fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "members": members,
    })
}

/// A PATCH of one operation.
pub(crate) fn patch(operation: Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    })
}
