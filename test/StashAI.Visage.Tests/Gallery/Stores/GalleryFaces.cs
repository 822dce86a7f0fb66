using StashAI.Visage.Gallery;

namespace StashAI.Visage.Tests.Gallery.Stores;

/// <summary>People and faces for tests. Each face has a number; faces with different numbers do not match.</summary>
internal static class GalleryFaces
{
    public static PersonDetails Named(string name) => new(name, null, null, null);

    public static GalleryFace Of(int number, float quality = 4) =>
        new(Vector(number), quality, [0xFF, 0xD8, (byte)number], $"test:{number}");

    public static float[] Vector(int number)
    {
        var vector = new float[512];
        vector[number % 512] = 1;
        return vector;
    }
}
