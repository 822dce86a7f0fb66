using System.Numerics.Tensors;
using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Embedding;

/// <summary>Computes the embedding of a face. Not thread-safe.</summary>
internal sealed class FaceEmbedder(FaceModels models) : IDisposable
{
    private const int InputSize = 112;

    private readonly ModelRun run = new(
        models.Features, "input", [1, 3, InputSize, InputSize], ("output", [1, FaceEmbedding.Dimensions]));

    /// <param name="photo">The photo of the face.</param>
    /// <param name="alignedToPhoto">The map from the aligned crop to the photo.</param>
    public FaceEmbedding Embed(Photo photo, in Affine alignedToPhoto)
    {
        CropSampler.SampleColour(photo, alignedToPhoto, InputSize, InputSize, border: 0, blueFirst: true, run.Input);
        run.Run();
        var vector = run.Output().ToArray();
        var quality = TensorPrimitives.Norm<float>(vector);

        // Adding the mirrored face averages out light and pose.
        Mirror(run.Input);
        run.Run();
        TensorPrimitives.Add(vector, run.Output(), vector);

        var length = TensorPrimitives.Norm<float>(vector);
        TensorPrimitives.Divide(vector, MathF.Max(length, 1e-6f), vector);
        return new(vector, quality);
    }

    public void Dispose() => run.Dispose();

    private static void Mirror(Span<float> planes)
    {
        for (var row = 0; row < planes.Length; row += InputSize)
            planes.Slice(row, InputSize).Reverse();
    }
}
