//! What a command that answers a question gives: text for people, the same as JSON for programs.

use serde_json::Value;

/// The sentence that every answer about people carries.
pub const NOT_A_DEVICE: &str = "For research and teaching only; not a medical device.";

/// An answer in both forms; both say the same.
#[derive(Clone, Debug)]
pub struct Answer {
    /// For people; ends with a line break.
    pub text: String,
    /// For programs; its member `schema` is `hepatica.<command>/<version>`.
    pub json: Value,
}
