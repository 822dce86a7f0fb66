using System.Numerics.Tensors;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Tests.Accuracy;

/// <summary>The most prominent face of every labelled photo.</summary>
internal sealed record LabelledFaces(IReadOnlyList<(string Person, DetectedFace Face)> All)
{
    public static async Task<LabelledFaces> ReadAsync(VisageServer server, LabelledPhotos photos)
    {
        var gate = server.Services.GetRequiredService<WorkGate>();
        var all = new List<(string, DetectedFace)>();
        foreach (var (person, files) in photos.PeopleFolders())
        {
            foreach (var file in files)
                all.Add((person, (await gate.AnalyseAsync(file, TestContext.Current.CancellationToken)).Faces[0]));
        }

        return new(all);
    }

    public IEnumerable<(bool IsOnePerson, float Cosine)> Pairs()
    {
        for (var i = 0; i < All.Count; i++)
        {
            for (var j = i + 1; j < All.Count; j++)
                yield return (All[i].Person == All[j].Person, Cosine(i, j));
        }
    }

    public float Cosine(int i, int j) => TensorPrimitives.Dot(All[i].Face.Embedding.Vector, All[j].Face.Embedding.Vector);
}
