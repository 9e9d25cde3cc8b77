using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ungroup;
using Ungroup.Functions;
using Ungroup.Settings;

try
{
    var app = FunctionsApplication.CreateBuilder(args).AddFunctionApp().Build();

    app.Services.CheckUngroup();
    var bus = app.Services.GetRequiredService<ServiceBusClient>();
    await app.Services.GetRequiredService<InForce>().SayAsync(bus.FullyQualifiedNamespace, CancellationToken.None);
    app.Run();
    return 0;
}
catch (Exception error) when (SettingSentences.In(error) is { Count: > 0 } sentences)
{
    foreach (var sentence in sentences)
    {
        Console.Error.WriteLine(sentence);
    }

    return 2;
}
