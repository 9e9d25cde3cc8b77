namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>A token in a file that something else keeps fresh, so it is read anew every time.</summary>
internal sealed class TokenFile(string path)
{
    public Task<IdentityToken> ReadAsync() => Task.FromResult(Read());

    private IdentityToken Read()
    {
        try
        {
            return IdentityToken.Of(File.ReadAllText(path), $"The token in {path}");
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return Refused(problem is UnauthorizedAccessException ? "may not be read" : "is not there", Fault.Configuration,
                "Check Accounts:<name>:OidcTokenFile (or ALIBABA_CLOUD_OIDC_TOKEN_FILE) and that the file is mounted.");
        }
        catch (IOException)
        {
            return Refused("cannot be read now", Fault.Transient, "Nothing to do: it is read again by itself.");
        }
    }

    private IdentityToken.Missing Refused(string what, Fault fault, string advice) =>
        new(new Grant.Withheld("TokenFileUnreadable", $"The token file {path} {what}.", fault, advice));
}
