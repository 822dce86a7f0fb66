using StashAI.Adapters.Http.Declarations;

namespace StashAI.Adapters.Http.Reading;

/// <summary>What a file declares, or what is wrong with it.</summary>
/// <param name="Declaration">Null when there are errors.</param>
/// <param name="Errors">In the order of the file.</param>
public sealed record DeclarationResult(ServiceDeclaration? Declaration, IReadOnlyList<DeclarationError> Errors);
