using System.Collections;

namespace Ungroup.FunctionsHost.Worker;

/// <summary>A worker process's environment: the app's settings, and of the user's variables only what any process needs.</summary>
internal static class WorkerEnvironment
{
    private static readonly string[] Needed =
    [
        "PATH", "HOME", "TMPDIR", "TMP", "TEMP", "LANG", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
        "SystemRoot", "windir", "ComSpec",
    ];

    // Others might be settings of another app, such as the key of an account that is not simulated.
    private static readonly string[] NeededFamilies = ["DOTNET_", "LC_", "OTEL_"];

    public static void Fill(IDictionary<string, string?> environment, string appDirectory, IReadOnlyDictionary<string, string> settings)
    {
        environment.Clear();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && IsNeeded(name))
            {
                environment[name] = variable.Value as string;
            }
        }

        foreach (var (name, value) in settings)
        {
            environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        environment["FUNCTIONS_APPLICATION_DIRECTORY"] = appDirectory;
        environment["FUNCTIONS_WORKER_DIRECTORY"] = appDirectory;
    }

    private static bool IsNeeded(string name) =>
        Needed.Contains(name, StringComparer.OrdinalIgnoreCase) || NeededFamilies.Any(family => name.StartsWith(family, StringComparison.Ordinal));
}
