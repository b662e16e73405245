//! One layer of a vector tile, written as its features come (Mapbox Vector Tile 2.1, protocol buffers).

use buffa::types::{
    encode_sint32, encode_uint32, int64_encoded_len, put_double_field, put_int64_field,
    put_len_delimited_header, put_string_field, put_uint32_field, put_uint64_field,
    string_encoded_len, uint64_encoded_len,
};

/// A tile is cut into so many steps each way, as the format has it where nothing else is said.
pub(super) const EXTENT: u32 = 4096;

/// The version of the format.
const VERSION: u32 = 2;

/// The kind of geometry that a point is, and the command which moves to one point.
const POINT: u32 = 1;
const MOVE_TO_ONE: u32 = 9;

/// A value as a tile has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Integer(i64),
    Count(u64),
    Real(f64),
}

/// The number of a key or of a value in a layer.
pub(super) type Number = u32;

/// A point in steps of the tile; beyond its edges for what lies in the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) x: i32,
    pub(super) y: i32,
}

/// A layer of points. Keys and values are written once and have numbers, which features refer to; whoever
/// adds them knows which are alike.
#[derive(Debug, Default)]
pub(super) struct Layer {
    features: Vec<u8>,
    keys: Vec<u8>,
    key_count: Number,
    values: Vec<u8>,
    value_count: Number,
    /// The feature that is being written, and a list in it; kept for their room.
    feature: Vec<u8>,
    list: Vec<u8>,
}

impl Layer {
    /// Adds a key that is not there yet.
    pub(super) fn key(&mut self, name: &str) -> Number {
        put_string_field(3, name, &mut self.keys);
        self.key_count += 1;
        self.key_count - 1
    }

    /// Adds a value that is not there yet.
    pub(super) fn value(&mut self, value: Value<'_>) -> Number {
        let values = &mut self.values;
        let bytes = match value {
            Value::Text(text) => string_encoded_len(text),
            Value::Real(_) => size_of::<f64>(),
            Value::Integer(number) => int64_encoded_len(number),
            Value::Count(number) => uint64_encoded_len(number),
        };
        put_len_delimited_header(4, (1 + bytes) as u64, values);
        match value {
            Value::Text(text) => put_string_field(1, text, values),
            Value::Real(number) => put_double_field(3, number, values),
            Value::Integer(number) => put_int64_field(4, number, values),
            Value::Count(number) => put_uint64_field(5, number, values),
        }
        self.value_count += 1;
        self.value_count - 1
    }

    /// Adds a feature with the numbers of its keys, each followed by that of its value.
    pub(super) fn point(&mut self, id: Option<u64>, at: Step, tags: &[Number]) {
        self.feature.clear();
        if let Some(id) = id {
            put_uint64_field(1, id, &mut self.feature);
        }
        self.list.clear();
        for &tag in tags {
            encode_uint32(tag, &mut self.list);
        }
        put_bytes(2, &self.list, &mut self.feature);
        put_uint32_field(3, POINT, &mut self.feature);
        self.list.clear();
        encode_uint32(MOVE_TO_ONE, &mut self.list);
        encode_sint32(at.x, &mut self.list);
        encode_sint32(at.y, &mut self.list);
        put_bytes(4, &self.list, &mut self.feature);
        put_bytes(2, &self.feature, &mut self.features);
    }

    /// A tile of this layer alone.
    pub(super) fn into_tile(self, name: &str) -> Vec<u8> {
        let mut begin = Vec::new();
        put_uint32_field(15, VERSION, &mut begin);
        put_string_field(1, name, &mut begin);
        put_uint32_field(5, EXTENT, &mut begin);
        let parts = [begin, self.features, self.keys, self.values];
        let bytes = parts.iter().map(Vec::len).sum::<usize>();
        let mut tile = Vec::with_capacity(bytes + 8);
        put_len_delimited_header(3, bytes as u64, &mut tile);
        for part in parts {
            tile.extend(part);
        }
        tile
    }
}

/// Writes a message or a list that stands in another.
fn put_bytes(field: u32, bytes: &[u8], out: &mut Vec<u8>) {
    put_len_delimited_header(field, bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}
