//! The names that mean something to the sanitizer besides being sensitive.

/// What an atom is, as a key or as the module of a struct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Role {
    #[default]
    None,
    /// LiveView's own, at the top of assigns.
    Internal,
    /// The key of a struct's module.
    Struct,
    /// In changesets and forms: what is inside is named by field.
    Named,
    Params,
    Source,
    /// In a changeset: what a repository does on saving.
    Prepare,
    Repo,
    /// In an Ecto struct's `__meta__`.
    State,
    Changeset,
    Form,
    Metadata,
}

const ALL: [Role; 12] = [
    Role::None,
    Role::Internal,
    Role::Struct,
    Role::Named,
    Role::Params,
    Role::Source,
    Role::Prepare,
    Role::Repo,
    Role::State,
    Role::Changeset,
    Role::Form,
    Role::Metadata,
];

impl Role {
    pub(super) fn of(atom: &str) -> Self {
        match atom {
            "__changed__" | "flash" | "uploads" | "streams" | "socket" | "myself" => Role::Internal,
            "__struct__" => Role::Struct,
            "errors" | "validations" | "required" | "types" | "constraints" => Role::Named,
            "params" => Role::Params,
            "source" => Role::Source,
            "prepare" | "repo_opts" => Role::Prepare,
            "repo" => Role::Repo,
            "state" => Role::State,
            "Elixir.Ecto.Changeset" => Role::Changeset,
            "Elixir.Phoenix.HTML.Form" => Role::Form,
            "Elixir.Ecto.Schema.Metadata" => Role::Metadata,
            _ => Role::None,
        }
    }

    pub(super) fn from_number(number: u8) -> Self {
        ALL.get(usize::from(number)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_come_back_from_their_numbers() {
        for role in ALL {
            assert_eq!(Role::from_number(role as u8), role);
        }
    }
}
