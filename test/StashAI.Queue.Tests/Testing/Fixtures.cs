using StashAI.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
