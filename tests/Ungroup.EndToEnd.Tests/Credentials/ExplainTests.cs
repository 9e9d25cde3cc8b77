namespace Ungroup.EndToEnd.Tests.Credentials;

public sealed class ExplainTests
{
    [Fact]
    public async Task Explain_shows_how_an_account_gets_its_credentials_and_hides_what_is_secret()
    {
        using var scratch = new Scratch();
        var terminal = new Terminal();
        terminal.Shell.Console.Profile.Width = 400;
        var settings = scratch.File("settings.json", """
            {"Ledger":{"Kind":"Memory"},"Accounts":{
              "one":{"Credentials":"AssumeRole","RoleArn":"acs:ram::1:role/leaver","ExternalId":"planted-id","AccessKeyId":"planted-key","AccessKeySecret":"planted-secret"},
              "two":{"Credentials":"Uri","CredentialsUri":"http://127.0.0.1:81/path?code=planted-code"}}}
            """);

        Assert.Equal(0, await terminal.RunAsync("explain", "--all", "--settings", settings));

        Assert.Contains("acs:ram::1:role/leaver", terminal.ConsoleText, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:81/path", terminal.ConsoleText, StringComparison.Ordinal);
        Assert.Contains("AuthenticationFail.NoPermission", terminal.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", terminal.ConsoleText, StringComparison.Ordinal);
    }
}
