//! What `llama-server` of llama.cpp says of each request: the `timings` of its answers, of streamed answers, and
//! the lines of its log.
//!
//! Requests of equal token counts are repetitions of one result. Decode is made anew from count and duration,
//! over the tokens after the first: the server's own rate counted the first token too until version 0.5.0.

use std::collections::HashMap;

use super::cell::Cell;
use super::date;
use super::fields::Fields;
use super::finding::Say;
use super::json::Object;
use super::names;
use super::shape::Work;
use crate::model::run::{Repetition, Settings, Statistic, Timing};
use crate::model::{Metric, PartialDate, Positive, plain};

/// One answered request.
#[derive(Clone, Debug, Default)]
struct Request {
    line: u32,
    /// Id of a streamed answer, of which each part carries the timings so far.
    stream: Option<String>,
    model: Option<String>,
    build: Option<String>,
    date: Option<PartialDate>,
    settings: Settings,
    /// Tokens of the whole prompt.
    prompt: Option<u32>,
    /// Tokens of it that were read, and those that came from the cache.
    read: u32,
    cached: u32,
    prompt_ms: Option<f64>,
    generated: u32,
    decode_ms: Option<f64>,
    /// The rate as the server states it.
    stated: Option<f64>,
    draft: Option<(u64, u64)>,
}

/// True for the fields of an answer with timings.
pub(super) fn is_record(fields: &Fields<'_>) -> bool {
    fields
        .look("timings")
        .is_some_and(|timings| timings.get("predicted_n").is_some() && timings.get("predicted_ms").is_some())
}

/// The results of answers.
pub(super) fn from_objects(objects: Vec<Object>, say: &mut Say<'_>) -> Vec<Cell> {
    let mut requests: Vec<Request> = Vec::new();
    let mut streams: HashMap<String, usize> = HashMap::new();
    for object in objects {
        let Some(request) = request(object.into()) else { continue };
        // The last part of a stream has the timings of all of it.
        let before = request.stream.as_ref().and_then(|stream| streams.get(stream)).copied();
        match before.and_then(|at| requests.get_mut(at)) {
            Some(before) => *before = request,
            None => {
                streams.extend(request.stream.clone().map(|stream| (stream, requests.len())));
                requests.push(request);
            }
        }
    }
    cells(requests, say)
}

fn request(mut fields: Fields<'_>) -> Option<Request> {
    let line = fields.line;
    let mut timings = fields.inner("timings")?;
    let count =
        |fields: &mut Fields<'_>, name: &str| fields.count(name).and_then(|count| u32::try_from(count).ok());
    let (read, cached) = (count(&mut timings, "prompt_n")?, count(&mut timings, "cache_n").unwrap_or(0));
    let stated_prompt = match fields.inner("usage") {
        Some(mut usage) => count(&mut usage, "prompt_tokens"),
        None => count(&mut fields, "tokens_evaluated"),
    };
    let is_part = fields.text("object").is_some_and(|kind| kind.ends_with(".chunk"));
    let temperature =
        fields.inner("generation_settings").and_then(|mut settings| settings.number("temperature"));
    Some(Request {
        line,
        stream: fields.text("id").filter(|_| is_part),
        model: fields.text("model"),
        build: fields.text("system_fingerprint").as_deref().and_then(build),
        date: fields.count("created").and_then(date::of_epoch),
        settings: Settings { temperature: temperature.map(single), ..Settings::default() },
        prompt: stated_prompt.or(Some(read.saturating_add(cached))),
        read,
        cached,
        prompt_ms: timings.number("prompt_ms"),
        generated: count(&mut timings, "predicted_n")?,
        decode_ms: timings.number("predicted_ms"),
        stated: timings.number("predicted_per_second"),
        draft: timings.count("draft_n").zip(timings.count("draft_n_accepted")),
    })
}

/// A number of single precision with the digits it has: 0.8 and not 0.800000011920929.
fn single(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the server holds it in single precision")]
    let value = value as f32;
    value.to_string()
}

/// The build of `b9010-d05fe1d7d`: its number or, where that is 0, its commit.
fn build(fingerprint: &str) -> Option<String> {
    let (number, commit) = fingerprint.strip_prefix('b')?.split_once('-')?;
    match number.parse::<u64>() {
        Ok(0) => Some(commit.to_owned()),
        Ok(number) => Some(format!("b{number}")),
        Err(_) => None,
    }
}

/// True for a line of the server's log about a request.
pub(super) fn is_log(text: &str) -> bool {
    text.lines().any(|line| timing(line, "prompt eval time =").is_some())
}

/// The results of a log.
pub(super) fn from_log(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut requests = Vec::new();
    let (mut model, mut of_build) = (None, None);
    let mut prompt: Option<(f64, u32)> = None;
    for (line, text) in (1..).zip(text.lines()) {
        if let Some((_, rest)) = text.split_once("loading model '") {
            model = rest.split('\'').next().map(str::to_owned);
        } else if let Some((_, rest)) = text.split_once("build_info: ") {
            of_build = build(rest.trim());
        } else if let Some(read) = timing(text, "prompt eval time =") {
            prompt = Some(read);
        } else if let Some((decode_ms, generated)) = timing(text, "eval time =")
            && let Some((prompt_ms, read)) = prompt.take()
        {
            requests.push(Request {
                line,
                model: model.clone(),
                build: of_build.clone(),
                prompt: Some(read),
                read,
                prompt_ms: Some(prompt_ms),
                generated,
                decode_ms: Some(decode_ms),
                ..Request::default()
            });
        }
    }
    cells(requests, say)
}

/// `… eval time =    2038.93 ms /   128 tokens (…`: milliseconds and tokens.
fn timing(line: &str, words: &str) -> Option<(f64, u32)> {
    let (_, rest) = line.split_once(words)?;
    let (ms, rest) = rest.split_once(" ms /")?;
    let (tokens, _) = rest.split_once(" tokens")?;
    let ms: f64 = ms.trim().parse().ok()?;
    Some((ms, tokens.trim().parse().ok()?)).filter(|_| ms.is_finite())
}

/// One result for all requests that are alike.
fn cells(requests: Vec<Request>, say: &mut Say<'_>) -> Vec<Cell> {
    let mut groups: Vec<Vec<Request>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for request in requests {
        let Request { model, build, settings, prompt, generated, .. } = &request;
        let day = request.date.as_ref().map(|date| date.day().to_owned());
        let key = format!("{:?}", (model, build, settings, prompt, generated, day));
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(request),
            None => groups.push(vec![request]),
        }
    }
    groups.iter().filter_map(|group| cell(group, say)).collect()
}

fn cell(group: &[Request], say: &mut Say<'_>) -> Option<Cell> {
    let first = group.first()?;
    let repetitions: Vec<Repetition> = group.iter().filter_map(repetition).collect();
    if repetitions.is_empty() {
        let found = format!("{} tokens generated", first.generated);
        say.at(
            first.line,
            "timings",
            found,
            "at least two tokens and the time they took; the answer is left out",
        );
        return None;
    }
    let work = Work { prompt: first.prompt.unwrap_or(0), output: first.generated, depth: 0, served: true };
    let mut cell = Cell::new(first.line, "llama-server", Timing::Served, work);
    let printed = first.model.as_deref().map(names::of_file).unwrap_or_default();
    (cell.name, cell.quant) = (Some(printed.name).filter(|name| !name.is_empty()), printed.quant);
    cell.engine = Some("llama.cpp".to_owned());
    cell.build.clone_from(&first.build);
    cell.date = group.iter().filter_map(|request| request.date.clone()).min();
    cell.settings = first.settings.clone();
    cell.statistic = if repetitions.len() == 1 { Statistic::Single } else { Statistic::Mean };
    cell.repetitions = u32::try_from(repetitions.len()).ok();
    let result = &mut cell.result;
    (result.prompt_tokens, result.output_tokens) = (first.prompt, Some(first.generated));
    if let ([only], Some(stated)) = (group, first.stated) {
        let all = only.decode_ms.map(|ms| f64::from(only.generated) / ms * 1e3);
        // A rate that counts the first token is another quantity, and no print of this one.
        if all.is_none_or(|all| (stated / all - 1.0).abs() > 1e-6) {
            result.published.insert(Metric::Decode, plain(stated));
        }
    }
    result.note = note(group);
    result.repetitions = repetitions;
    Some(cell)
}

fn repetition(request: &Request) -> Option<Repetition> {
    let rate = |tokens: u32, ms: Option<f64>| {
        let rate = f64::from(tokens) / ms? * 1e3;
        Positive::try_from((rate * 1e6).round() / 1e6).ok()
    };
    let decode = rate(request.generated.checked_sub(1)?, request.decode_ms)?;
    // A prompt out of the cache leaves a token or a few to read, and no rate.
    let prefill = rate(request.read, request.prompt_ms).filter(|_| request.cached == 0 && request.read > 1);
    Some(Repetition {
        decode_tok_per_s: Some(decode),
        prefill_tok_per_s: prefill,
        prompt_tokens: request.prompt,
        output_tokens: Some(request.generated),
        ..Repetition::default()
    })
}

/// What a reader must know of the answers: cached prompts, and tokens that were drafted.
fn note(group: &[Request]) -> Option<String> {
    let cached: Vec<&Request> = group.iter().filter(|request| request.cached > 0).collect();
    let mut notes = Vec::new();
    if let Some(first) = cached.first() {
        let of = if group.len() == 1 {
            String::new()
        } else {
            format!(" in {} of {} requests", cached.len(), group.len())
        };
        let prompt = first.prompt.unwrap_or(0);
        notes.push(format!(
            "{} of {prompt} prompt tokens came from the cache{of}, so prefill is left out there.",
            first.cached
        ));
    }
    let sum = |part: fn((u64, u64)) -> u64| {
        group.iter().filter_map(|request| request.draft).map(part).fold(0_u64, u64::saturating_add)
    };
    let (drafted, accepted) = (sum(|draft| draft.0), sum(|draft| draft.1));
    if drafted > 0 {
        notes.push(format!("Speculative decoding: {accepted} of {drafted} drafted tokens were accepted."));
    }
    (!notes.is_empty()).then(|| notes.join(" "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::import::json;

    fn answers(text: &str) -> Vec<Cell> {
        let mut say = Say::new("f");
        let mut objects = Vec::new();
        json::each(text, &mut say, &mut |fields, _| {
            assert!(is_record(fields));
            objects.push(std::mem::take(fields).into());
            std::ops::ControlFlow::Continue(())
        });
        from_objects(objects, &mut say)
    }

    #[test]
    fn decode_is_counted_from_the_second_token_on() {
        let text = r#"{"model": "/m/tiny-Q8_0.gguf", "created": 1795256566, "system_fingerprint": "b9010-abc", "timings":
            {"cache_n": 0, "prompt_n": 10, "prompt_ms": 5.0, "predicted_n": 11, "predicted_ms": 100.0, "predicted_per_second": 100.0}}"#;
        let cells = answers(text);
        let cell = cells.first().unwrap();
        let repetition = cell.result.repetitions.first().unwrap();
        assert_eq!(repetition.decode_tok_per_s.map(Positive::get), Some(100.0));
        assert_eq!(repetition.prefill_tok_per_s.map(Positive::get), Some(2000.0));
        assert_eq!(
            (cell.name.as_deref(), cell.quant.as_deref(), cell.build.as_deref()),
            (Some("tiny"), Some("Q8_0"), Some("b9010"))
        );
        assert_eq!(cell.date.as_ref().map(PartialDate::as_str), Some("2026-11-21T10:22Z"));
    }

    #[test]
    fn parts_of_a_stream_are_one_answer_and_equal_requests_one_result() {
        let part = |id: &str, n: u32| {
            format!(
                "data: {{\"id\": \"{id}\", \"object\": \"chat.completion.chunk\", \"timings\": {{\"prompt_n\": 4, \"cache_n\": 3, \"predicted_n\": {n}, \"predicted_ms\": 50.0}}}}\n\n"
            )
        };
        let text = [part("a", 1), part("a", 6), part("b", 3), part("b", 6)].concat();
        let cells = answers(&text);
        let cell = cells.first().unwrap();
        assert_eq!((cells.len(), cell.result.repetitions.len()), (1, 2));
        assert_eq!(cell.result.repetitions.first().unwrap().prefill_tok_per_s, None);
        assert!(
            cell.result
                .note
                .as_ref()
                .unwrap()
                .starts_with("3 of 7 prompt tokens came from the cache in 2 of 2")
        );
    }

    #[test]
    fn a_log_has_requests_and_their_model() {
        let text = "build_info: b9010-d05\nsrv load_model: loading model '/home/x/m-Q4_0.gguf'\n\
            prompt eval time =     100.00 ms /    20 tokens (    5.00 ms per token)\n\
                   eval time =    1000.00 ms /   101 tokens (   10.00 ms per token)\n\
                  total time =    1100.00 ms /   121 tokens\n";
        assert!(is_log(text) && !is_log("eval time = 3 ms / 4 runs"));
        let cells = from_log(text, &mut Say::new("f"));
        let cell = cells.first().unwrap();
        let repetition = cell.result.repetitions.first().unwrap();
        assert_eq!(repetition.decode_tok_per_s.map(Positive::get), Some(100.0));
        assert_eq!((cell.name.as_deref(), cell.build.as_deref()), (Some("m"), Some("b9010")));
    }
}
