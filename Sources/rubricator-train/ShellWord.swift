/// An argument as a shell reads it back.
func shellWord(_ argument: String) -> String {
    let isPlain = argument.utf8.allSatisfy { byte in
        let scalar = Unicode.Scalar(byte)
        return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            || "-_./,:=+@".unicodeScalars.contains(scalar)
    }
    return isPlain && !argument.isEmpty ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
}
