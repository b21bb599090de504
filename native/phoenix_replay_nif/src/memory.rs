//! Memory that is free, given back to the system.

use crate::cpu_time;

/// Gives back what the C library keeps of freed memory, from which Rust allocates. Whether there was any.
#[rustler::nif(schedule = "DirtyIo")]
fn memory_trim() -> bool {
    let _held = cpu_time::held("memory_trim");
    trim()
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn trim() -> bool {
    // SAFETY: it may be called from any thread at any time, and changes nothing that is allocated.
    unsafe { libc::malloc_trim(0) == 1 }
}

/// Others give it back by themselves, or have no call for it.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn trim() -> bool {
    false
}
