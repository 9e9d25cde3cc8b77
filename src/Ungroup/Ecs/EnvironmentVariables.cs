namespace Ungroup.Ecs;

/// <summary>Reads an environment variable. The host gives it; the core reads no environment.</summary>
internal delegate string? EnvironmentVariables(string name);
