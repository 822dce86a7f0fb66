using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace StashAI.Visage.Inference;

/// <summary>The loaded models, with one session each that all threads share.</summary>
internal sealed class FaceModels : IDisposable
{
    private readonly SessionOptions options;

    /// <param name="directory">The folder with the models; see <see cref="Models.ModelStore"/>.</param>
    /// <param name="provider">The execution provider: cpu or cuda.</param>
    /// <exception cref="InvalidOperationException">The provider is unknown or not installed; the message says how to fix it.</exception>
    public FaceModels(string directory, string provider = "cpu")
    {
        // The models are small: many calls with one thread each are faster than few calls with many threads.
        options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        SelectProvider(provider);
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

    private void SelectProvider(string provider)
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
                catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException)
                {
                    options.Dispose();
                    throw new InvalidOperationException(
                        "VISAGE_PROVIDER is cuda, but this installation cannot use it. Put the libraries of the package "
                        + $"Microsoft.ML.OnnxRuntime.Gpu, CUDA and cuDNN next to the program, or set it to cpu. ({exception.Message})",
                        exception);
                }

            default:
                options.Dispose();
                throw new InvalidOperationException($"VISAGE_PROVIDER is '{provider}', which is not valid; use cpu or cuda.");
        }
    }

    private InferenceSession Load(string directory, string name) => new(Path.Combine(directory, name + ".onnx"), options);
}
