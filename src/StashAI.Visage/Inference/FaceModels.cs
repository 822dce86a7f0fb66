using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace StashAI.Visage.Inference;

/// <summary>The loaded models: one session each, shared by all threads.</summary>
internal sealed class FaceModels : IDisposable
{
    private readonly SessionOptions options;

    /// <param name="directory">The folder that <see cref="Models.ModelStore"/> filled.</param>
    public FaceModels(string directory)
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

    private InferenceSession Load(string directory, string name) => new(Path.Combine(directory, name + ".onnx"), options);
}
