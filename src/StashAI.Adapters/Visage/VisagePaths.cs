using System.Text.RegularExpressions;

namespace StashAI.Adapters.Visage;

/// <summary>The paths at which a Visage service has the operations of this adapter.</summary>
public static partial class VisagePaths
{
    /// <summary>Where one photo is identified.</summary>
    public const string Identify = "/api/predict_1";

    /// <summary>Where two sides are compared.</summary>
    public const string Compare = "/api/compare_faces";

    /// <summary>The path of an operation that a client's path stands for, or null: everything else of the service is not a job's to call.</summary>
    public static string? Find(string path) => path == "/" ? Identify : Operation().IsMatch(path) ? path : null;

    /// <summary>True when an address ends with the path of an operation.</summary>
    internal static bool IsOperation(Uri address) => OperationEnd().IsMatch(address.AbsolutePath);

    [GeneratedRegex("^(/api)?/(identify|predict_[0-9]{1,4}|compare_faces)$", RegexOptions.CultureInvariant)]
    private static partial Regex Operation();

    [GeneratedRegex("/(identify|predict_[0-9]{1,4}|compare_faces)$", RegexOptions.CultureInvariant)]
    private static partial Regex OperationEnd();
}
