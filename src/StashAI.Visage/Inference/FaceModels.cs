using Microsoft.ML.OnnxRuntime;
using StashAI.Visage.Models;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace StashAI.Visage.Inference;

/// <summary>The loaded models: one session each, shared by all threads.</summary>
internal sealed class FaceModels : IDisposable
{
    private readonly SessionOptions options;

    /// <param name="directory">The folder that <see cref="Models.ModelStore"/> filled.</param>
    /// <param name="provider">cpu or cuda.</param>
    /// <exception cref="InvalidOperationException">The provider is unknown or not installed; the message says what to do.</exception>
    public FaceModels(string directory, string provider = "cpu")
    {
        // One thread a call and many calls at once is faster than many threads a call: the models are small.
        options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        Use(provider);
        Detector = Load(directory, "fr_detect");
        Landmarks = Load(directory, "fr_landmark");
        Features = Load(directory, "fr_feature");
    }

    public InferenceSession Detector { get; }

    public InferenceSession Landmarks { get; }

    public InferenceSession Features { get; }

    public void Dispose()
    {
        Detector.Dispose();
        Landmarks.Dispose();
        Features.Dispose();
        options.Dispose();
    }

    private void Use(string provider)
    {
        switch (provider)
        {
            case "cpu":
                return;
            case "cuda":
                try
                {
                    options.AppendExecutionProvider_CUDA();
                    return;
                }
                catch (Exception missing) when (missing is OnnxRuntimeException or EntryPointNotFoundException)
                {
                    options.Dispose();
                    throw new InvalidOperationException(
                        "Provider (VISAGE_PROVIDER) is cuda, but this installation cannot use it: put the libraries of the package "
                        + $"Microsoft.ML.OnnxRuntime.Gpu, CUDA and cuDNN beside the service, or choose cpu. ({missing.Message})",
                        missing);
                }

            default:
                options.Dispose();
                throw new InvalidOperationException($"Provider (VISAGE_PROVIDER) is '{provider}'; it must be cpu or cuda.");
        }
    }

    private InferenceSession Load(string directory, string name) => new(Path.Combine(directory, name + ".onnx"), options);
}
