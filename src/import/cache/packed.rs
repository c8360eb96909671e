//! Runs in a form that is read back without looking at any text: for the cache alone, and for one program alone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::super::stamp::Stamp;
use crate::model::run::{
    Accelerator, Backend, RangeEntry, Repetition, ResultEntry, Run, Settings, SourceRef, Statistic, Timing,
};
use crate::model::{Figure, Metric, PartialDate, Positive};

/// A value as bytes, and back.
pub(super) trait Packed: Sized {
    /// Adds the value.
    fn pack(&self, out: &mut Vec<u8>);

    /// Takes the value from the start; `None` for bytes that no value has.
    fn unpack(from: &mut &[u8]) -> Option<Self>;
}

/// The first so many bytes.
pub(super) fn take<'a>(from: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (first, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(first)
}

macro_rules! packed_numbers {
    ($($number:ty),*) => {$(
        impl Packed for $number {
            fn pack(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                take(from, size_of::<$number>())?.try_into().ok().map(<$number>::from_le_bytes)
            }
        }
    )*};
}

packed_numbers!(u8, u16, u32, u64, i64);

impl Packed for bool {
    fn pack(&self, out: &mut Vec<u8>) {
        u8::from(*self).pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        match u8::unpack(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Packed for Positive {
    fn pack(&self, out: &mut Vec<u8>) {
        self.get().to_bits().pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Self::try_from(f64::from_bits(u64::unpack(from)?)).ok()
    }
}

impl Packed for String {
    fn pack(&self, out: &mut Vec<u8>) {
        length(self.len()).pack(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = u32::unpack(from)?;
        Some(std::str::from_utf8(take(from, length as usize)?).ok()?.to_owned())
    }
}

impl Packed for PartialDate {
    fn pack(&self, out: &mut Vec<u8>) {
        self.as_str().to_owned().pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Self::try_from(String::unpack(from)?).ok()
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.is_some().pack(out);
        self.iter().for_each(|value| value.pack(out));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        if bool::unpack(from)? { T::unpack(from).map(Some) } else { Some(None) }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        length(self.len()).pack(out);
        self.iter().for_each(|item| item.pack(out));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = u32::unpack(from)? as usize;
        // A length that is none must not ask for memory: every item takes a byte at least.
        let mut items = Self::with_capacity(length.min(from.len()));
        for _ in 0..length {
            items.push(T::unpack(from)?);
        }
        Some(items)
    }
}

impl<K: Packed + Ord, V: Packed> Packed for BTreeMap<K, V> {
    fn pack(&self, out: &mut Vec<u8>) {
        length(self.len()).pack(out);
        for (key, value) in self {
            key.pack(out);
            value.pack(out);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = u32::unpack(from)?;
        let mut map = Self::new();
        for _ in 0..length {
            map.insert(K::unpack(from)?, V::unpack(from)?);
        }
        Some(map)
    }
}

/// A length; no file that is read holds more.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Words by their place in a list of all.
macro_rules! packed_words {
    ($($word:ty: $all:expr;)*) => {$(
        impl Packed for $word {
            fn pack(&self, out: &mut Vec<u8>) {
                let place = $all.iter().position(|word| word == self);
                place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX).pack(out);
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                $all.get(usize::from(u8::unpack(from)?)).copied()
            }
        }
    )*};
}

packed_words! {
    Accelerator: Accelerator::ALL;
    Metric: Metric::ALL;
    Timing: [Timing::Served, Timing::Raw];
    Statistic: [Statistic::Mean, Statistic::Median, Statistic::Single, Statistic::Unknown];
}

/// Every figure: there are some hundred, and a run may have many of them.
static FIGURES: LazyLock<Vec<Figure>> = LazyLock::new(|| Figure::all().collect());

impl Packed for Figure {
    fn pack(&self, out: &mut Vec<u8>) {
        let place = FIGURES.iter().position(|figure| figure == self);
        place.and_then(|place| u16::try_from(place).ok()).unwrap_or(u16::MAX).pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        FIGURES.get(usize::from(u16::unpack(from)?)).copied()
    }
}

/// All fields in turn; one that is missing here does not compile.
macro_rules! packed_types {
    ($($type:ident { $($field:ident),* $(,)? })*) => {$(
        impl Packed for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                let $type { $($field),* } = self;
                $($field.pack(out);)*
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                $(let $field = Packed::unpack(from)?;)*
                Some($type { $($field),* })
            }
        }
    )*};
}

packed_types! {
    Stamp { size, written, changed, number, device }
    Run {
        schema, id, date, model, quant, file_size_gib, file_size_approximate, hardware, power_cap_w, driver,
        backend, mode, timing, statistic, repetitions, settings, sources, notes, results, ranges,
    }
    Backend { engine, build, accelerator, runtime }
    Settings {
        context_tokens, max_output_tokens, warmup_repetitions, flash_attention, kv_type, mmap, gpu_layers,
        draft_tokens, temperature, other,
    }
    SourceRef { id, place, says }
    ResultEntry {
        shape, concurrency, failed, decode_tok_per_s, prefill_tok_per_s, ttft_ms, tpot_ms, end_to_end_ms,
        output_tok_per_s, load_s, prompt_tokens, output_tokens, published, figures, repetitions, note,
    }
    Repetition { decode_tok_per_s, prefill_tok_per_s, ttft_ms, prompt_tokens, output_tokens }
    RangeEntry { metric, shapes, concurrency, min, max }
}
