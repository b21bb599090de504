#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| phoenix_replay_core_fuzz::search::law(input));
