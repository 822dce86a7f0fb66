using Microsoft.ML.OnnxRuntime;

namespace StashAI.Visage.Inference;

/// <summary>
/// The buffers for running a model: fill <see cref="Input"/>, call <see cref="Run"/>, read <see cref="Output"/>. Not thread-safe; many
/// instances share one session.
/// </summary>
internal sealed class ModelRun : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly float[] input;
    private readonly float[][] outputs;
    private readonly OrtValue[] inputValues;
    private readonly OrtValue[] outputValues;
    private readonly string[] inputNames;
    private readonly string[] outputNames;

    public ModelRun(InferenceSession session, string inputName, long[] inputShape, params ReadOnlySpan<(string Name, long[] Shape)> wanted)
    {
        this.session = session;
        inputNames = [inputName];
        input = new float[Length(inputShape)];
        inputValues = [OrtValue.CreateTensorValueFromMemory(input, inputShape)];
        outputNames = new string[wanted.Length];
        outputs = new float[wanted.Length][];
        outputValues = new OrtValue[wanted.Length];
        for (var i = 0; i < wanted.Length; i++)
        {
            outputNames[i] = wanted[i].Name;
            outputs[i] = new float[Length(wanted[i].Shape)];
            outputValues[i] = OrtValue.CreateTensorValueFromMemory(outputs[i], wanted[i].Shape);
        }
    }

    public Span<float> Input => input;

    public ReadOnlySpan<float> Output(int index = 0) => outputs[index];

    public void Run() => session.Run(options, inputNames, inputValues, outputNames, outputValues);

    public void Dispose()
    {
        foreach (var value in inputValues.Concat(outputValues))
            value.Dispose();
        options.Dispose();
    }

    private static long Length(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
