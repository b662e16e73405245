//! The paths for whoever runs the server: how sources fare, what is counted, articles handed in.

use serde_json::{Value, json};

use super::{answering, parameter, read, read_as};
use crate::model::source::Status;
use crate::web::answer::JSON;
use crate::web::articles::MOST_ARTICLES;

pub(super) fn describe() -> [(String, Value); 3] {
    let sources = read(
        "getSources",
        "the sources and how they fare",
        JSON,
        &json!([parameter("f")]),
        &["400"],
    );
    let text = json!({ "text/plain": { "schema": { "type": "string" } } });
    let metrics =
        read_as("getMetrics", "what is counted, for Prometheus", &text, &json!([]), &["400"]);
    [
        ("/sources".to_owned(), answering(sources, "Sources", None)),
        ("/metrics".to_owned(), metrics),
        ("/articles".to_owned(), articles()),
    ]
}

fn articles() -> Value {
    let article = json!({ "$ref": "#/components/schemas/Article" });
    let list = json!({
        "type": "array", "minItems": 1, "maxItems": MOST_ARTICLES, "items": article,
    });
    let example = json!({
        "id": "example-1", "title": "قصف على سرمين", "published": "2024-02-02",
        "text": "قصفت قوات النظام بالمدفعية بلدة سرمين شرق إدلب، ما أدى إلى مقتل مدنيين اثنين.",
    });
    let kept = json!({ "$ref": "#/components/schemas/KeptArticles" });
    let mut responses = json!({
        "200": { "description": "all are kept", "content": { JSON: { "schema": kept } } },
    });
    for (status, name) in [
        ("400", "BadRequest"),
        ("401", "Unauthorized"),
        ("403", "NotTaken"),
        ("408", "TooSlow"),
        ("413", "TooLarge"),
        ("415", "UnsupportedType"),
        ("503", "Busy"),
    ] {
        if let Value::Object(responses) = &mut responses {
            let response = json!({ "$ref": format!("#/components/responses/{name}") });
            responses.insert(status.to_owned(), response);
        }
    }
    json!({ "post": {
        "operationId": "postArticles",
        "summary": "hands in articles; answered once they and their events are on the disk",
        "security": [{ "token": [] }],
        "parameters": [],
        "requestBody": { "required": true, "content": {
            JSON: { "schema": { "anyOf": [article, list] }, "example": example },
            // Of each line.
            "application/x-ndjson": { "schema": article },
        } },
        "responses": responses,
    } })
}

pub(super) fn schemas() -> [(String, Value); 3] {
    let text = json!({ "type": "string" });
    let perhaps = json!({ "type": "string", "nullable": true });
    let time = json!({ "type": "string", "format": "date-time", "nullable": true });
    let count = json!({ "type": "integer", "minimum": 0 });
    let article = json!({
        "type": "object", "required": ["id", "text"],
        "properties": {
            "id": { "type": "string", "minLength": 1, "maxLength": 512, "pattern": "^[^\\x00-\\x1f\\x7f-\\x9f]+$", "description": "the sender's name for it" },
            "text": { "type": "string", "minLength": 1, "description": "offsets of evidence count its characters" },
            "title": perhaps, "author": perhaps, "url": perhaps, "publisher": perhaps,
            "published": { "type": "string", "nullable": true, "description": "a day or an RFC 3339 time" },
            "lang": { "type": "string", "nullable": true, "enum": ["ar", "en", null] },
        },
    });
    let kept = json!({
        "type": "object", "required": ["id", "became", "events"],
        "properties": {
            "id": text, "became": { "type": "string", "enum": ["new", "known", "updated"] },
            "events": { "type": "array", "nullable": true, "items": text, "description": "their ids; null if the article is kept and they could not be looked up right then" },
        },
    });
    let kept = json!({
        "type": "object", "required": ["articles"],
        "properties": { "articles": { "type": "array", "items": kept } },
    });
    let source = json!({
        "type": "object", "required": ["name", "kind", "address", "status"],
        "properties": {
            "name": text, "kind": text, "address": text,
            "status": { "type": "string", "enum": Status::ALL.map(Status::as_str) },
            "last_read": time, "last_success": time, "next_read": time, "newest": time,
            "last_article": { "type": "object", "nullable": true },
            "articles": count, "known": count, "updated": count, "events": count, "failed": count,
            "failures": count,
            "last_error": { "type": "object", "nullable": true },
        },
    });
    let sources = json!({
        "type": "object", "required": ["sources", "links"],
        "properties": {
            "sources": { "type": "array", "items": source },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
        },
    });
    [
        ("Article".to_owned(), article),
        ("KeptArticles".to_owned(), kept),
        ("Sources".to_owned(), sources),
    ]
}
