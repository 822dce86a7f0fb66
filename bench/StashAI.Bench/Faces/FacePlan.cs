namespace StashAI.Bench.Faces;

/// <summary>What is measured.</summary>
/// <param name="Photos">Photos in the job, each with two faces.</param>
/// <param name="StartsPostgres">Queue and gallery in a PostgreSQL server that is started for it.</param>
/// <param name="Models">The folder of the models.</param>
/// <param name="Program">The published program; null for the one that was built with this one.</param>
/// <param name="Samples">How often each page is asked for.</param>
internal sealed record FacePlan(int Photos, bool StartsPostgres, string Models, string? Program, int Samples);
