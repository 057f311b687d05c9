// Makes the calls that caller.py asks for, with notify() of the crate libsystemd. Its texts are UTF-8. It takes a state
// line by line, and ends each line itself.
use libsystemd::daemon::{notify, NotifyState};
use std::io::BufRead;

fn text(word: &str) -> String {
    if word == "reloading" {
        return String::new();
    }
    let digits = |at| u8::from_str_radix(&word[at..at + 2], 16).expect("hex");
    String::from_utf8((0..word.len()).step_by(2).map(digits).collect()).unwrap_or_else(|_| {
        eprintln!("a text of this crate is UTF-8");
        std::process::exit(64)
    })
}

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let (unset, word) = line.split_once(' ').expect("two words");
        let state = text(word);
        let lines = state.strip_suffix('\n').unwrap_or(&state).split('\n');
        let lines: Vec<NotifyState> = match word {
            "reloading" => vec![NotifyState::Reloading],
            _ => lines.map(|line| NotifyState::Other(line.to_string())).collect(),
        };
        match notify(unset == "1", &lines) {
            Ok(true) => println!("positive"),
            Ok(false) => println!("zero"),
            Err(failure) => {
                eprintln!("{failure}");
                println!("negative")
            }
        }
    }
    println!("{}", if std::env::var_os("NOTIFY_SOCKET").is_some() { "set" } else { "unset" });
}
