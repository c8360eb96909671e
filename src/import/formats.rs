//! What can be read.

/// A kind of text that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Records of `llama-bench` as JSON, one or many, in a list or on lines.
    LlamaBenchJson,
    /// `llama-bench` with `-o csv`.
    LlamaBenchCsv,
    /// `llama-bench` with `-o sql`.
    LlamaBenchSql,
    /// Tables of `llama-bench`, wherever they were pasted.
    LlamaBenchTable,
    /// Rows of `llama-batched-bench` as JSON lines.
    BatchedBenchJson,
    /// Tables of `llama-batched-bench`.
    BatchedBenchTable,
    /// Answers of `llama-server` with their timings, streamed or not.
    ServerTimings,
    /// A log of `llama-server`.
    ServerLog,
    /// GuideLLM's `benchmarks.json`.
    GuidellmJson,
    /// GuideLLM's CSV with three header rows.
    GuidellmCsv,
    /// AIPerf's summary.
    AiperfJson,
    /// AIPerf's summary as CSV.
    AiperfCsv,
    /// AIPerf's records of single requests, as JSON lines.
    AiperfRecords,
    /// genai-perf's summary.
    GenaiPerfJson,
    /// genai-perf's summary as CSV.
    GenaiPerfCsv,
    /// llama-benchy's JSON.
    BenchyJson,
    /// llama-benchy's Markdown tables.
    BenchyTable,
    /// llama-benchy's CSV.
    BenchyCsv,
    /// Answers of Ollama's API with their timings, streamed or not.
    OllamaJson,
    /// What `ollama run --verbose` prints below an answer.
    OllamaVerbose,
    /// Comma-separated values with the fields of Ollama's API.
    OllamaTable,
    /// LocalScore's JSON.
    LocalscoreJson,
    /// An export of the database of LocalScore's site.
    LocalscoreExport,
    /// A benchmark or report of optimum-benchmark.
    OptimumJson,
    /// Tables of optimum-benchmark.
    OptimumCsv,
    /// What `mlx_lm.benchmark` prints.
    MlxBenchmark,
    /// What `mlx_lm.generate` prints below a text.
    MlxGenerate,
    /// Tables of mlx-lm's `BENCHMARKS.md`.
    MlxTable,
    /// A conversation of `llama-cli` with its rates.
    LlamaCli,
    /// A Markdown report, see [`super::report`].
    Report,
    /// `vllm bench serve` and its sweeps.
    VllmServe,
    /// `sglang.benchmark.serving`, before `bench_serving`.
    SglangServing,
    /// Summaries of InferenceX.
    InferenceX,
    /// Batches and throughput without a server, of vLLM and SGLang.
    OfflineBench,
    /// `trtllm-bench` with `--report_json`.
    TrtllmBench,
    /// genai-bench.
    GenaiBench,
    /// inference-perf.
    InferencePerf,
    /// Benchmark reports of llm-d.
    LlmdReport,
    /// `speed_bench.py` of llama.cpp.
    SpeedBench,
    /// The CSV of a view, as this program exports it.
    TokscopeCsv,
    /// The Markdown table of a view, as this program exports it.
    TokscopeTable,
}

impl Format {
    /// Every format: those of tools in the order in which they are looked for, then our own, which come before them.
    pub const ALL: &[Self] = &[
        Self::LlamaBenchJson,
        Self::BatchedBenchJson,
        Self::ServerTimings,
        Self::VllmServe,
        Self::SglangServing,
        Self::InferenceX,
        Self::OfflineBench,
        Self::TrtllmBench,
        Self::GenaiBench,
        Self::InferencePerf,
        Self::LlmdReport,
        Self::SpeedBench,
        Self::GuidellmJson,
        Self::GuidellmCsv,
        Self::AiperfJson,
        Self::AiperfCsv,
        Self::AiperfRecords,
        Self::GenaiPerfJson,
        Self::GenaiPerfCsv,
        Self::BenchyJson,
        Self::BenchyTable,
        Self::BenchyCsv,
        Self::OllamaJson,
        Self::OllamaVerbose,
        Self::OllamaTable,
        Self::LocalscoreJson,
        Self::LocalscoreExport,
        Self::OptimumJson,
        Self::OptimumCsv,
        Self::MlxBenchmark,
        Self::MlxGenerate,
        Self::MlxTable,
        Self::LlamaCli,
        Self::LlamaBenchSql,
        Self::LlamaBenchCsv,
        Self::LlamaBenchTable,
        Self::BatchedBenchTable,
        Self::Report,
        Self::ServerLog,
        Self::TokscopeCsv,
        Self::TokscopeTable,
    ];

    /// What it is called in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LlamaBenchJson => "llama-bench JSON",
            Self::LlamaBenchCsv => "llama-bench CSV",
            Self::LlamaBenchSql => "llama-bench SQL",
            Self::LlamaBenchTable => "llama-bench table",
            Self::BatchedBenchJson => "llama-batched-bench JSON lines",
            Self::BatchedBenchTable => "llama-batched-bench table",
            Self::ServerTimings => "llama-server timings",
            Self::ServerLog => "llama-server log",
            Self::GuidellmJson => "GuideLLM JSON",
            Self::GuidellmCsv => "GuideLLM CSV",
            Self::AiperfJson => "AIPerf JSON",
            Self::AiperfCsv => "AIPerf CSV",
            Self::AiperfRecords => "AIPerf records",
            Self::GenaiPerfJson => "genai-perf JSON",
            Self::GenaiPerfCsv => "genai-perf CSV",
            Self::BenchyJson => "llama-benchy JSON",
            Self::BenchyTable => "llama-benchy table",
            Self::BenchyCsv => "llama-benchy CSV",
            Self::OllamaJson => "Ollama answers",
            Self::OllamaVerbose => "Ollama --verbose",
            Self::OllamaTable => "table of Ollama timings",
            Self::LocalscoreJson => "LocalScore JSON",
            Self::LocalscoreExport => "LocalScore database",
            Self::OptimumJson => "optimum-benchmark JSON",
            Self::OptimumCsv => "optimum-benchmark CSV",
            Self::MlxBenchmark => "mlx_lm.benchmark output",
            Self::MlxGenerate => "mlx_lm.generate output",
            Self::MlxTable => "mlx-lm table",
            Self::LlamaCli => "llama-cli output",
            Self::Report => "Markdown report",
            Self::VllmServe => "vLLM bench serve",
            Self::SglangServing => "SGLang serving benchmark",
            Self::InferenceX => "InferenceX summary",
            Self::OfflineBench => "vLLM or SGLang offline benchmark",
            Self::TrtllmBench => "trtllm-bench report",
            Self::GenaiBench => "genai-bench result",
            Self::InferencePerf => "inference-perf summary",
            Self::LlmdReport => "llm-d benchmark report",
            Self::SpeedBench => "speed_bench.py result",
            Self::TokscopeCsv => "Tokscope CSV",
            Self::TokscopeTable => "Tokscope table",
        }
    }

    /// True for clients and tools of one machine, of which several objects may be one result.
    pub(super) const fn is_of_client(self) -> bool {
        matches!(
            self,
            Self::GuidellmJson
                | Self::AiperfJson
                | Self::AiperfRecords
                | Self::GenaiPerfJson
                | Self::BenchyJson
                | Self::LocalscoreJson
                | Self::LocalscoreExport
                | Self::OptimumJson
                | Self::OllamaJson
        )
    }
}
