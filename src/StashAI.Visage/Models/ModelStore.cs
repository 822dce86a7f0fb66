namespace StashAI.Visage.Models;

/// <summary>The three face models in a folder: <c>fr_detect.onnx</c>, <c>fr_landmark.onnx</c>, <c>fr_feature.onnx</c> (7 MB).</summary>
public static class ModelStore
{
    private static readonly PinnedPackage Package = new(
        "the face models",
        "faceplugin-face-recognition-js@0.0.1",
        [
            Model("fr_detect", "6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854"),
            Model("fr_landmark", "f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258"),
            Model("fr_feature", "87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581"),
        ]);

    /// <summary>
    /// Makes sure that the models are in <paramref name="directory"/>: does nothing when they are there with the right
    /// SHA-256 (no network needed), else fetches them with npm. Safe when several processes do it at once.
    /// </summary>
    /// <param name="directory">The folder of the models; it is created when missing.</param>
    /// <param name="progress">Gets a line for people at the start and the end of a fetch.</param>
    /// <param name="cancellationToken">Stops the fetch; nothing half-written stays behind.</param>
    /// <exception cref="ModelsUnavailableException">npm is missing, there is no network, or a checksum is wrong.</exception>
    public static Task EnsureAsync(string directory, IProgress<string>? progress, CancellationToken cancellationToken) =>
        Package.EnsureAsync(directory, progress, cancellationToken);

    /// <summary>
    /// The same, for whoever fetches the models for another user, such as root in the making of an image: everybody on this machine may read them then.
    /// </summary>
    /// <inheritdoc cref="EnsureAsync"/>
    public static Task EnsureForAllAsync(string directory, IProgress<string>? progress, CancellationToken cancellationToken) =>
        Package.EnsureForAllAsync(directory, progress, cancellationToken);

    private static PinnedFile Model(string name, string sha256) => new(name + ".onnx", $"package/model/{name}.onnx", sha256);
}
