from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistant', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='opinion',
            name='about',
            field=models.CharField(help_text='block:slug, claim:slug or notice:code', max_length=100),
        ),
    ]
