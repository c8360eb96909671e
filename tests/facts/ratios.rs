//! Vulkan against ROCm, as the repetitions of the Markdown reports give it.

/// Variant; decode and prefill of Vulkan by ROCm with the ends of the 95 % interval, and whether each is real.
pub(crate) const RATIOS: [(&str, &str, bool, &str, bool); 9] = [
    ("reap-172b", "1.227 [1.151, 1.307]", true, "0.737 [0.674, 0.805]", true),
    ("reap-139b", "1.121 [1.072, 1.172]", true, "1.062 [0.992, 1.137]", false),
    ("80b", "1.156 [1.103, 1.211]", true, "1.448 [1.178, 1.782]", true),
    ("123b", "1.029 [1.005, 1.055]", true, "0.581 [0.553, 0.611]", true),
    ("scout-17bx16e", "1.005 [0.918, 1.100]", false, "0.473 [0.410, 0.547]", true),
    ("235b-a22b", "1.162 [1.087, 1.242]", true, "0.920 [0.868, 0.975]", true),
    ("llama-70b", "1.037 [1.020, 1.055]", true, "0.631 [0.599, 0.666]", true),
    // The reports print 2.9 and 3.0 here; their repetitions do not tell the two apart (p = 0.058).
    ("70b-instruct", "1.008 [1.000, 1.016]", false, "0.770 [0.738, 0.804]", true),
    ("72b-instruct", "1.007 [0.995, 1.019]", false, "0.491 [0.463, 0.521]", true),
];
